//! Everything that runs in this process, one line each: listeners, the delivery engine, chores.
//!
//! It starts in an order that fails early: folder, lock, ports, database. It stops in the order of the walk: no more requests, then the
//! ones under way, then deliveries, then the rows. A listener answers only once everything behind it is there; until then the kernel
//! keeps who comes.

mod listeners;
mod signals;

pub use listeners::reachable;
pub use signals::Signals;

use crate::assemble::{self, Bases, Rooms};
use crate::config::{Config, Listen};
use crate::failure::Failure;
use egress::AllowRule;
use listeners::Listeners;
use platform::chores::{expire, sweep};
use pulse::{Stop, Stopper, Wake};
use std::path::Path;
use store::{Location, Lock};
use tokio::task::{JoinHandle, JoinSet};

/// A running server.
pub struct Server {
    /// The rooms it is made of.
    pub rooms: Rooms,
    /// Its public addresses.
    pub bases: Bases,
    /// Where it listens.
    pub listen: Listen,
    stopper: Stopper,
    task: JoinHandle<Result<(), Failure>>,
}

impl Server {
    /// Starts it; answers when it is ready. `guests` are targets that webhooks may call beside the configured ones.
    pub async fn start(config: &Config, guests: &[AllowRule]) -> Result<Self, Failure> {
        let locks = lock(config).await?;
        raise_descriptor_limit();
        let listeners = Listeners::bind(config.listen).await?;
        let listen = listeners.listen()?;
        let bases = listeners::bases(&config.bases, listen);
        let rooms = assemble::rooms(config, &listen.addresses(), guests).await?;
        let (stopper, stop) = Stop::new();
        let house = House { config: config.clone(), rooms: rooms.clone(), bases: bases.clone(), locks };
        let task = tokio::spawn(house.run(listeners, stop));
        tell_ready(config, listen, &bases);
        Ok(Self { rooms, bases, listen, stopper, task })
    }

    /// Waits until the server ends though nobody asked it to.
    pub async fn failed(&mut self) -> Failure {
        match (&mut self.task).await {
            Ok(Err(failure)) => failure,
            Ok(Ok(())) | Err(_) => Failure::Ended("the server"),
        }
    }

    /// Stops taking requests, finishes what is under way and closes the database.
    pub async fn stop(self) -> Result<(), Failure> {
        self.stopper.stop();
        self.task.await.unwrap_or(Err(Failure::Ended("the server")))
    }
}

/// What the server's task owns.
struct House {
    config: Config,
    rooms: Rooms,
    bases: Bases,
    locks: Vec<Lock>,
}

impl House {
    async fn run(self, listeners: Listeners, stop: Stop) -> Result<(), Failure> {
        let (behind, after_doors) = Stop::new();
        let mut doors = self.open_doors(listeners, &stop);
        let mut chores = self.start_chores(&after_doors);
        let mut engine =
            tokio::spawn(delivery::run(assemble::delivery(&self.config, &self.rooms, &self.bases), after_doors));
        let ended = tokio::select! {
            () = stop.asked() => None,
            _ = &mut engine => Some("the delivery engine"),
            Some(_) = chores.join_next() => Some("a chore"),
            Some(_) = doors.join_next() => Some("a listener"),
        };
        // A listener may hear of a stop before we do.
        if let Some(what) = ended.filter(|_| !stop.requested()) {
            return Err(Failure::Ended(what));
        }
        while doors.join_next().await.is_some() {}
        behind.stop();
        while chores.join_next().await.is_some() {}
        let drained = engine.await;
        drop((self.rooms, self.locks));
        tracing::info!("stopped");
        drained.map_err(|_| Failure::Ended("the delivery engine"))
    }

    /// One task for each listener.
    fn open_doors(&self, listeners: Listeners, stop: &Stop) -> JoinSet<()> {
        let mut doors = JoinSet::new();
        for (listener, shares) in listeners.0 {
            let router = assemble::front(&self.config, &self.rooms, &self.bases, shares);
            let (settings, stop) = (self.config.listener, stop.clone());
            doors.spawn(async move {
                web::serve(listener, router, settings, async move { stop.asked().await }).await;
            });
        }
        doors
    }

    /// One pulse for each chore.
    fn start_chores(&self, stop: &Stop) -> JoinSet<()> {
        let mut chores = JoinSet::new();
        let platform = self.rooms.platform.clone();
        chores.spawn(pulse::run("expire", Wake::new(), stop.clone(), async move || expire::step(&platform).await));
        let platform = self.rooms.platform.clone();
        chores.spawn(pulse::run("sweep", Wake::new(), stop.clone(), async move || sweep::step(&platform).await));
        chores
    }
}

/// Sockets and staged files need descriptors; many systems start with 1,024 and allow far more.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}

/// Locks everything that only one server may change: the data folder, and the database wherever it is.
async fn lock(config: &Config) -> Result<Vec<Lock>, Failure> {
    assemble::make_folder(&config.data_dir)?;
    let mut locks = vec![lock_folder(&config.data_dir)?];
    match &config.database {
        Location::Sqlite(path) => match path.parent() {
            Some(folder) if !is_same(folder, &config.data_dir) => locks.push(lock_folder(folder)?),
            _ => {}
        },
        Location::Postgres(url) => locks.push(Lock::take_database(url).await.map_err(|source| Failure::Locked {
            place: format!("the database {}", assemble::place(&config.database)),
            source,
        })?),
    }
    Ok(locks)
}

fn lock_folder(folder: &Path) -> Result<Lock, Failure> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Lock::take(folder).map_err(|source| Failure::Locked { place: format!("the folder {}", folder.display()), source })
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}

fn tell_ready(config: &Config, listen: Listen, bases: &Bases) {
    tracing::info!(
        listen = %listen.main,
        listen_api = listen.api.map(tracing::field::display),
        listen_upload = listen.upload.map(tracing::field::display),
        listen_cdn = listen.cdn.map(tracing::field::display),
        api = bases.api,
        upload = bases.upload,
        cdn = bases.cdn,
        database = assemble::place(&config.database),
        data_dir = %config.data_dir.display(),
        "ready"
    );
}
