//! `/cdn/f-…`: the same files by the uc wire's ids.

use crate::scene::{Scene, TEXT};

#[tokio::test]
async fn the_bare_id_gives_the_bytes_86() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    for slash in ["", "/", "//"] {
        let answer = scene.get(&format!("/cdn/f-{}{slash}", file.id)).await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, TEXT));
        assert_eq!(answer.header("content-disposition"), "inline; filename=\"pier.txt\"");
    }
}

#[tokio::test]
async fn anything_behind_it_redirects_unchanged_85() {
    let scene = Scene::new().await;
    let file = scene.upload("pier.txt", TEXT).await;
    for suffix in ["one/two", "name.png", "-/preview/800x600/", "%E2%84%96%2F%0D%0A", "-/a//b/"] {
        let answer = scene.get(&format!("/cdn/f-{}/{suffix}?query=dropped", file.id)).await;
        assert_eq!(answer.status, 302);
        assert_eq!(answer.header("location"), format!("https://cdn.example.test/{}/{suffix}", file.id));
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn what_is_no_id_is_404_90() {
    let scene = Scene::new().await;
    let uuid = scene.upload("pier.txt", TEXT).await.id;
    for path in [
        "/cdn/f-11111111-aaaa-4bbb-8ccc-222222222222".to_owned(),
        "/cdn/f-11111111-aaaa-4bbb-8ccc-222222222222/x".to_owned(),
        "/cdn/nonsense".to_owned(),
        "/cdn/%FF/x".to_owned(),
        format!("/cdn/{uuid}"),
    ] {
        assert_eq!(scene.get(&path).await.status, 404, "{path}");
    }
}
