//! A temporary PostgreSQL: one cluster for all test processes of a run, gone when the run is over.
//!
//! A test runner starts a process per test, and a cluster takes seconds to make. So the first process that needs one makes it in a folder
//! named after the runner's process id, under a lock; the others find it there. A small shell watches the runner and, when it is gone,
//! stops the cluster and removes the folder: no end of a test, however violent, leaves one behind.
//!
//! Where PostgreSQL is not installed its tests are left out with a line that says so; with `CI=true` that is a failure.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the binaries are, if not on the path nor where Debian puts them.
const BIN_VARIABLE: &str = "BOATHOOK_TEST_POSTGRES_BIN";
/// Where Debian puts them, a folder per version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// Who may own a cluster in place of root, whom PostgreSQL refuses.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];
/// The cluster's own user.
const USER: &str = "boathook";
/// A crash of the machine may cost this cluster everything; no network reaches it.
const SETTINGS: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' \
                        -c unix_socket_directories=. -c max_connections=400 -c shared_buffers=32MB";
/// Waits until the process `$1` is gone, then stops the cluster in `$2` at once and removes the folder `$3`.
const WATCH: &str = r#"while kill -0 "$1" 2>/dev/null; do sleep 1; done
kill -QUIT "$(head -n 1 "$2/postmaster.pid")"
rm -rf "$3""#;

/// A running cluster.
#[derive(Debug)]
pub struct TempPostgres {
    data: PathBuf,
}

impl TempPostgres {
    /// This run's cluster; none where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it cannot be started, or with `CI=true` if it is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<TempPostgres>> = OnceLock::new();
        SHARED.get_or_init(find_or_start).as_ref()
    }

    /// Makes an empty database; answers its URL. It goes with the cluster, or earlier by [`TempPostgres::drop_database`].
    ///
    /// # Panics
    /// If the cluster is gone.
    pub fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.run(&format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// Removes a database and whoever is still connected to it.
    ///
    /// # Panics
    /// If the cluster is gone.
    pub fn drop_database(&self, url: &str) {
        let name = url.rsplit('/').next().unwrap_or_default();
        self.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    fn run(&self, statement: &str) {
        let mut client = self.connect().expect("this run's PostgreSQL answers");
        client.batch_execute(statement).expect(statement);
    }

    fn connect(&self) -> Result<postgres::Client, postgres::Error> {
        postgres::Client::connect(&self.url("postgres"), postgres::NoTls)
    }

    /// By its socket, which is in the cluster's folder: no port is taken, and no other run is met.
    fn url(&self, database: &str) -> String {
        let folder = self.data.to_str().expect("a temporary folder's name is text").replace('/', "%2F");
        format!("postgres://{USER}@{folder}/{database}")
    }
}

fn find_or_start() -> Option<TempPostgres> {
    let Some(bin) = find_binaries() else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "PostgreSQL is not installed, and CI=true");
        eprintln!(
            "left out on PostgreSQL: neither {BIN_VARIABLE} nor PATH nor {DEBIAN} has its initdb, pg_ctl and postgres"
        );
        return None;
    };
    let runner = parent_id();
    let folder = std::env::temp_dir().join(format!("boathook-postgres-{runner}"));
    fs::create_dir_all(&folder).expect("a folder for PostgreSQL");
    fs::set_permissions(&folder, Permissions::from_mode(0o755))
        .expect("a folder for PostgreSQL that its user may enter");
    let lock = File::create(folder.join("lock")).expect("a lock file");
    lock.lock().expect("the lock of PostgreSQL's folder");
    let cluster = TempPostgres { data: folder.join("data") };
    if cluster.connect().is_err() {
        start(&bin, &cluster.data);
        watch(runner, &cluster.data, &folder);
    }
    Some(cluster)
}

/// The folder that has all three programs.
fn find_binaries() -> Option<PathBuf> {
    let named = std::env::var_os(BIN_VARIABLE).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> =
        fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|version| version.path().join("bin")).collect();
    versions.sort();
    named
        .into_iter()
        .chain(std::env::split_paths(&path))
        .chain(versions.into_iter().rev())
        .find(|bin| ["initdb", "pg_ctl", "postgres"].iter().all(|program| bin.join(program).is_file()))
}

fn start(bin: &Path, data: &Path) {
    // A cluster that does not answer is a leftover of a machine that was switched off.
    let _ = fs::remove_dir_all(data);
    fs::create_dir(data).expect("a folder for the cluster");
    fs::set_permissions(data, Permissions::from_mode(0o700)).expect("a folder for the cluster alone");
    let owner = rustix::process::geteuid().is_root().then(unprivileged);
    if let Some((user, group)) = owner {
        chown(data, Some(user), Some(group)).expect("root may give a folder away");
    }
    let program = |name: &str| {
        let mut command = Command::new(bin.join(name));
        if let Some((user, group)) = owner {
            command.uid(user).gid(group);
        }
        command.current_dir(data).env_remove("PGDATA").arg("-D").arg(data);
        command
    };
    run(program("initdb").args(["-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]));
    // The log is the cluster's own file, so that it holds no pipe of the test that happened to start it.
    run(program("pg_ctl").args(["start", "-w", "-l", "log", "-o", SETTINGS]));
}

/// A user and group to run as instead of root.
fn unprivileged() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let found = UNPRIVILEGED.iter().find_map(|name| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    });
    found.expect("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("PostgreSQL's programs can be run");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}{}", String::from_utf8_lossy(&output.stdout));
}

/// In a process group of its own, so that it outlives the test that started it.
#[expect(clippy::zombie_processes, reason = "it is there to outlive this process")]
fn watch(runner: u32, data: &Path, folder: &Path) {
    let mut shell = Command::new("sh");
    shell.args(["-c", WATCH, "sh"]).arg(runner.to_string()).arg(data).arg(folder);
    shell.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    shell.spawn().expect("a shell that stops PostgreSQL");
}
