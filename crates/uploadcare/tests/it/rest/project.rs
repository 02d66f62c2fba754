//! `GET /project/`.

use crate::scene::Scene;

#[tokio::test]
async fn the_project_of_the_keys() {
    let scene = Scene::new().await;
    let expected = format!(
        r#"{{"collaborators":[],"name":"harbour","pub_key":"{}","autostore_enabled":true}}"#,
        scene.project.public_key
    );
    scene.get("/project/").await.expect(200, &expected);
}
