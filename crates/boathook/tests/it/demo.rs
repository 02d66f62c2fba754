//! `boathook demo` as a newcomer runs it: twice on the same data, and the lines it prints pasted into a shell.

use crate::scene::{Folder, Running};
use rustix::process::Signal;
use std::process::Command;

/// Starts the demonstration on free ports; answers it when both deliveries were verified, with the lines to paste.
fn play(folder: &Folder) -> (Running, Vec<String>, Vec<String>) {
    let mut command = folder.command();
    command.args(["demo", "--listen", "127.0.0.1:0", "--inbox", "127.0.0.1:0"]);
    let demo = Running::start(command, false);
    let webhooks = [(); 2].map(|()| demo.wait_for(|line| line.contains("  webhook "))).to_vec();
    let told = [(); 2].map(|()| demo.wait_for(|line| line.contains("sunrise.png") && line.contains(" ms ")));
    for (event, wire) in [("file.uploaded", "uploadcare"), ("file.created", "uc v1")] {
        let is_it = |line: &&String| line.contains(event) && line.contains(wire) && line.contains(" yes ");
        assert_eq!(told.iter().filter(is_it).count(), 1, "{event} in {told:?}");
    }
    let lines = [(); 3].map(|()| demo.wait_for(|line| line.contains("curl "))).to_vec();
    demo.wait_for(|line| line.contains("Serving until Ctrl-C"));
    (demo, webhooks, lines)
}

fn paste(line: &str) -> String {
    let output = Command::new("sh").arg("-c").arg(line).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn shows_both_wires_verified_and_reuses_its_data() {
    let folder = Folder::new();
    let (demo, webhooks, lines) = play(&folder);
    assert!(webhooks.iter().all(|line| line.contains("made through its API")), "{webhooks:?}");
    let uploaded = paste(&lines[0]);
    assert!(uploaded.contains("\"file\":"), "{uploaded}");
    demo.wait_for(|line| line.contains("hello.txt") && line.contains(" yes "));
    assert!(paste(&lines[1]).contains("\"target_url\":"));
    assert!(paste(&lines[2]).contains("hello.txt"));
    paste(&lines[0]);
    let told = [(); 4].map(|()| demo.wait_for(|line| line.contains("hello.txt")));
    assert!(told.iter().all(|line| line.contains(" yes ")), "the webhook made by hand is verified too: {told:?}");
    assert_eq!(demo.end(Signal::INT).code(), Some(0));

    let (demo, webhooks, lines) = play(&folder);
    assert!(webhooks.iter().all(|line| line.contains("there already")), "{webhooks:?}");
    assert!(paste(&lines[2]).matches("sunrise.png\",\"size\"").count() >= 2, "both runs' pictures are there");
    assert_eq!(demo.end(Signal::INT).code(), Some(0));
}
