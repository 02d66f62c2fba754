//! `GET …/webhooks` (section 9.2).

use crate::scene::Scene;
use domain::project::Grant;
use domain::webhook::{Limits, Wish};
use platform::webhooks::NewWebhook;
use serde_json::json;

#[tokio::test]
async fn only_this_projects_and_this_wires_71() {
    let scene = Scene::new().await;
    let (one, two) = (scene.webhook().await, scene.webhook().await);
    let (neighbour, _) = scene.test.project("neighbour").await;
    for (project, dialect) in [(&neighbour, "uc"), (&scene.project, "uploadcare")] {
        let new = NewWebhook {
            dialect,
            wish: Wish {
                target_url: "https://hooks.example.test/other".into(),
                events: vec!["file.created".into()],
                is_active: true,
                version: "1".into(),
                policy: domain::policy::Policy::default(),
                is_exclusive: false,
            },
            secret: None,
            limits: Limits { target_chars_max: 255, secret_chars_max: 32 },
        };
        let owner = scene.test.principal(project, Grant::Secret);
        scene.test.platform.create_webhook(&owner, new).await.unwrap();
    }
    let answer = scene.get("/webhooks.json").await;
    assert_eq!(answer.data(), json!([one, two]));
    assert_eq!(answer.json()["pagination"], json!({"count": 2, "page": 1, "items": 20, "pages": 1}));
    let second = scene.get("/webhooks?items=1&page=2").await;
    assert_eq!(second.data(), json!([two]));
    assert_eq!(second.json()["pagination"], json!({"count": 2, "page": 2, "items": 1, "pages": 2}));
    scene.get("/webhooks?page=0").await.error(400);
}
