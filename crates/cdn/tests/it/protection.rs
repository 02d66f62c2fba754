//! Protected originals: who may see them, at either end.

use crate::scene::{Scene, TEXT};

#[tokio::test]
async fn a_protected_original_is_for_who_holds_a_key_or_its_token_84_88() {
    let scene = Scene::new().await;
    let file = scene.admit("pier.txt", "", TEXT, true).await;
    let other = scene.admit("other.txt", "", TEXT, true).await;
    let (_, neighbours_key) = scene.test.project("neighbour").await;
    let own = format!("fat-{}", domain::id::FileId::from_bytes(*file.access_token.as_bytes()));
    let others = format!("fat-{}", domain::id::FileId::from_bytes(*other.access_token.as_bytes()));
    for path in [
        format!("/{}", file.id),
        format!("/{}/", file.id),
        format!("/{}/pier.txt", file.id),
        format!("/{}/one/two", file.id),
        format!("/{}/-/inline/no/", file.id),
        format!("/cdn/f-{}", file.id),
        format!("/cdn/f-{}/", file.id),
    ] {
        let stranger = scene.get(&path).await;
        let nobody = scene.get("/11111111-aaaa-4bbb-8ccc-222222222222/").await;
        assert_eq!(
            (stranger.status, &stranger.headers, &stranger.body),
            (404, &nobody.headers, &nobody.body),
            "{path}"
        );
        for wrong in [others.as_str(), neighbours_key.secret.expose(), "fat-nonsense", "nonsense"] {
            assert_eq!(scene.get_with(&path, wrong).await.status, 404, "{path} {wrong}");
        }
        for right in [own.as_str(), scene.key.as_str()] {
            let answer = scene.get_with(&path, right).await;
            assert_eq!((answer.status, answer.body.as_slice()), (200, TEXT), "{path}");
            assert_eq!(answer.header("cache-control"), "private, no-store");
        }
    }
}

#[tokio::test]
async fn following_redirects_never_leads_to_the_bytes_85_87() {
    let scene = Scene::new().await;
    let file = scene.admit("pier.txt", "", TEXT, true).await;
    for suffix in ["pier.txt", "one/two", "-/inline/yes/", "x.png"] {
        let redirect = scene.get(&format!("/cdn/f-{}/{suffix}", file.id)).await;
        assert_eq!((redirect.status, redirect.body.len()), (302, 0));
        let location = redirect.header("location");
        assert!(location.ends_with(&format!("/{}/{suffix}", file.id)), "{location}");
        let followed = location.strip_prefix("https://cdn.example.test").unwrap();
        assert_eq!(scene.get(followed).await.status, 404);
        assert_eq!(scene.get_with(followed, &scene.key).await.body, TEXT);
    }
}

#[tokio::test]
async fn a_revoked_key_shows_nothing() {
    let scene = Scene::new().await;
    let file = scene.admit("pier.txt", "", TEXT, true).await;
    let more = scene.test.platform.create_key(&scene.project).await.unwrap();
    let path = format!("/{}/", file.id);
    assert_eq!(scene.get_with(&path, more.secret.expose()).await.status, 200);
    scene.test.platform.revoke_key(&scene.project, more.number).await.unwrap();
    assert_eq!(scene.get_with(&path, more.secret.expose()).await.status, 404);
}
