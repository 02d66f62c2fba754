//! Too often.

use crate::scene::Scene;
use std::num::NonZeroU32;
use std::time::Duration;
use uploadcare::Settings;

#[tokio::test]
async fn a_project_that_asks_too_often() {
    let one = NonZeroU32::MIN;
    let throttle = web::throttle::Settings { requests: one, per: Duration::from_hours(1), burst: one, keys_max: 10 };
    let settings = Settings { throttle: Some(throttle), ..Settings::default() };
    let scene = Scene::with(settings, platform::Settings::default()).await;
    assert_eq!(scene.get("/project/").await.status, 200);
    let answer = scene.get("/project/").await;
    let seconds = answer.header("retry-after").unwrap();
    answer.expect_detail(429, &format!("Request was throttled. Expected available in {seconds} seconds."));
    assert!(seconds.parse::<NonZeroU32>().is_ok());
}
