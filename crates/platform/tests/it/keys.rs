//! Projects and the keys that open them; what is remembered of keys and for how long.

use std::time::Duration;

use domain::project::Project;
use domain::secret::Secret;
use platform::{Error, Noun};
use testkit::platform::platform_in;

use crate::scene::{Scene, scene};

async fn secrets(scene: &Scene) -> Vec<Secret> {
    let keyring = scene.platform.keyring(&scene.project.public_key).await.unwrap().unwrap();
    assert_eq!(keyring.project, scene.project);
    keyring.secrets.clone()
}

#[tokio::test]
async fn a_project_is_found_by_number_public_key_and_name() {
    let scene = scene().await;
    let (first, second) = (&scene.project, scene.platform.create_project(" quay ").await.unwrap().0);
    scene.platform.create_project("quay").await.unwrap();
    assert_ne!(first.public_key, second.public_key);
    assert_eq!(second.name, "quay");
    for (designation, expected) in [
        (first.id.to_string(), &**first),
        (first.public_key.clone(), first),
        ("pier".into(), first),
        ("quay".into(), &second),
    ] {
        assert_eq!(scene.platform.find_project(&designation).await.unwrap(), *expected, "{designation}");
    }
    let nobody = scene.platform.find_project("nobody").await;
    assert!(matches!(nobody, Err(Error::NotFound(Noun::Project))), "{nobody:?}");
    let all = scene.platform.list_projects().await.unwrap();
    assert_eq!(all.iter().map(|project: &Project| project.name.as_str()).collect::<Vec<_>>(), ["pier", "quay", "quay"]);
    let nameless = scene.platform.create_project(" ").await;
    assert!(matches!(nameless, Err(Error::Rule(domain::Error::ProjectName))), "{nameless:?}");
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_from_that_moment() {
    let scene = scene().await;
    assert_eq!(secrets(&scene).await, std::slice::from_ref(&scene.key.secret));
    let second = scene.platform.create_key(&scene.project).await.unwrap();
    assert_eq!(secrets(&scene).await, [scene.key.secret.clone(), second.secret.clone()]);

    scene.platform.revoke_key(&scene.project, scene.key.number).await.unwrap();
    let keyring = scene.platform.keyring(&scene.project.public_key).await.unwrap().unwrap();
    assert!(keyring.opens(second.secret.expose()));
    for wrong in [scene.key.secret.expose(), "", "no", &second.secret.expose().to_uppercase()] {
        assert!(!keyring.opens(wrong), "{wrong}");
    }
    let again = scene.platform.revoke_key(&scene.project, scene.key.number).await;
    assert!(matches!(again, Err(Error::NotFound(Noun::Key))), "{again:?}");
    let listed = scene.platform.list_keys(&scene.project).await.unwrap();
    assert_eq!(listed.iter().map(|key| key.revoked_at.is_some()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_key_of_another_project_is_not_found() {
    let scene = scene().await;
    let (other, _) = scene.kit.project("quay").await;
    let answer = scene.platform.revoke_key(&other, scene.key.number).await;
    assert!(matches!(answer, Err(Error::NotFound(Noun::Key))), "{answer:?}");
    assert_eq!(secrets(&scene).await.len(), 1);
}

#[tokio::test]
async fn what_another_process_revokes_is_noticed_within_a_second() {
    let scene = scene().await;
    let other_process = platform_in(scene.folder.path()).await.platform;
    assert_eq!(secrets(&scene).await.len(), 1);
    other_process.revoke_key(&scene.project, scene.key.number).await.unwrap();
    scene.kit.clock.advance(Duration::from_millis(999));
    assert_eq!(secrets(&scene).await.len(), 1, "remembered");
    scene.kit.clock.advance(Duration::from_millis(1));
    assert_eq!(secrets(&scene).await.len(), 0);
}

#[tokio::test]
async fn a_key_that_names_no_project_is_unknown_until_it_does() {
    let scene = scene().await;
    for unknown in ["", "demopublickey", "00000000000000000000"] {
        assert!(scene.platform.keyring(unknown).await.unwrap().is_none(), "{unknown}");
    }
    let (project, key) = scene.platform.create_project("quay").await.unwrap();
    let keyring = scene.platform.keyring(&project.public_key).await.unwrap().unwrap();
    assert!(keyring.opens(key.secret.expose()));
    assert!(!keyring.opens(scene.key.secret.expose()));
}
