//! Random lives of two webhooks against a plain oracle: whatever fails, pauses, changes and dies in between, in the end each has been told
//! of all that it was owed or it is noted as dead, of nothing else, in the promised order, and always in the same words.
//!
//! A seed that fails is printed; `BOATHOOK_MODEL_SEEDS=FIRST..END` plays others than the usual few.

use crate::dice::Dice;
use crate::scene::{Running, Scene};
use crate::told::Told;
use domain::delivery::Dead;
use domain::event::EventKind;
use domain::policy::{Order, Policy};
use domain::webhook::Webhook;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Store;
use testkit::engines::TestDatabase;
use testkit::receiver::{Answer, Received};

const STEPS: usize = 40;
const RESOURCES: u64 = 4;

/// What a receiver does, by share of a hundred requests; the rest it takes.
#[derive(Clone, Copy, Default)]
struct Mood {
    fails: u64,
    hangs: u64,
    asks_for_rest: u64,
    is_gone: u64,
}

impl Mood {
    fn answer(self, dice: &mut Dice) -> Answer {
        let mut roll = dice.roll(100);
        for (share, answer) in [
            (self.fails, Answer::Status(500)),
            (self.hangs, Answer::Hang),
            (self.asks_for_rest, Answer::RetryAfter(429, "30")),
            (self.is_gone, Answer::Status(410)),
        ] {
            if roll < share {
                return answer;
            }
            roll -= share;
        }
        Answer::Status(200)
    }
}

/// One webhook and what the oracle knows of it.
struct Known {
    webhook: Webhook,
    path: String,
    order: Order,
    /// The sequences owed, each with its resource.
    owed: BTreeMap<i64, u8>,
}

struct Model {
    scene: Scene,
    dice: Dice,
    mood: Arc<Mutex<Mood>>,
    /// What arrived, and whether it was taken.
    arrivals: Arc<Mutex<Vec<(Received, bool)>>>,
    known: Vec<Known>,
    running: Option<Running>,
}

impl Model {
    async fn new(store: Store, seed: u64) -> Self {
        let (mut scene, mut dice) = (Scene::new(store).await, Dice::seeded(seed));
        scene.settings.attempt_timeout = Duration::from_millis(60);
        scene.settings.ready_max = 16;
        scene.settings.read_events_max = 10;
        let mut known = Vec::new();
        for path in ["/one", "/two"] {
            let order = Order::ALL[dice.roll(4) as usize];
            let webhook = scene.webhook_of(path, Policy { order, ..Policy::default() }).await;
            known.push(Known { webhook, path: path.into(), order, owed: BTreeMap::new() });
        }
        let (mood, arrivals) = (Arc::new(Mutex::new(Mood::default())), Arc::default());
        let model = Self { scene, dice, mood, arrivals, known, running: None };
        let (mood, arrivals, dice) = (model.mood.clone(), model.arrivals.clone(), Mutex::new(Dice::seeded(!seed)));
        model.scene.receiver.answer(move |request| {
            let answer = mood.lock().unwrap().answer(&mut dice.lock().unwrap());
            arrivals.lock().unwrap().push((request.clone(), answer == Answer::Status(200)));
            answer
        });
        model
    }

    async fn step(&mut self) {
        match self.dice.roll(16) {
            0..=6 => self.happen().await,
            7 | 8 => {
                let seconds = [1, 7, 40, 600][self.dice.roll(4) as usize];
                self.scene.clock.advance(Duration::from_secs(seconds));
            }
            9 | 10 => self.change_mood(),
            11 => self.amend().await,
            12 => self.pause().await,
            13 | 14 => self.resume_all().await,
            _ => self.restart().await,
        }
    }

    async fn happen(&mut self) {
        for _ in 0..=self.dice.roll(6) {
            let resource = self.dice.roll(RESOURCES) as u8;
            let kind = [EventKind::FileStored, EventKind::FileUploaded][self.dice.roll(2) as usize];
            let sequence = self.scene.append(self.scene.fact(resource, kind)).await;
            let word = crate::plain::word(kind).unwrap();
            for known in &mut self.known {
                let wish = &known.webhook.wish;
                if wish.is_active && domain::subscription::covers(&wish.events, word) {
                    known.owed.insert(sequence, resource);
                }
            }
        }
    }

    fn change_mood(&mut self) {
        let moods = [
            Mood::default(),
            Mood { fails: 20, ..Mood::default() },
            Mood { fails: 95, ..Mood::default() },
            Mood { fails: 10, hangs: 20, asks_for_rest: 5, is_gone: 2 },
        ];
        *self.mood.lock().unwrap() = moods[self.dice.roll(4) as usize];
    }

    async fn amend(&mut self) {
        let which = self.dice.roll(2) as usize;
        let words = ["file.stored", "file.uploaded", "file.*"][self.dice.roll(3) as usize];
        let is_active = self.dice.percent(70);
        let known = &mut self.known[which];
        let amend = move |wish: &mut domain::webhook::Wish| {
            wish.events = vec![words.into()];
            wish.is_active = is_active;
        };
        known.webhook = self.scene.amend(&known.webhook, amend).await;
    }

    async fn pause(&mut self) {
        let which = self.dice.roll(2) as usize;
        self.scene.decide(&self.known[which].webhook, |health, now| _ = health.pause(now)).await;
    }

    async fn resume_all(&self) {
        for known in &self.known {
            self.scene.decide(&known.webhook, |health, now| _ = health.resume(now)).await;
        }
    }

    async fn restart(&mut self) {
        match self.running.take() {
            Some(running) if self.dice.percent(70) => running.kill().await,
            Some(running) => running.stop().await,
            None => {}
        }
        self.scene.until_gone().await;
        self.running = Some(self.scene.start());
    }

    /// The receiver is well, everything is resumed, and time passes.
    async fn end_well(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill().await;
        }
        self.scene.until_gone().await;
        *self.mood.lock().unwrap() = Mood::default();
        self.resume_all().await;
        for known in &mut self.known {
            known.webhook = self.scene.amend(&known.webhook, |wish| wish.is_active = true).await;
        }
        let running = self.scene.start();
        let numbers: Vec<_> = self.known.iter().map(|known| known.webhook.number).collect();
        self.scene.until_settled(&numbers).await;
        running.stop().await;
    }

    async fn judge(&self) {
        let arrivals = self.arrivals.lock().unwrap().clone();
        let mut bodies = HashMap::new();
        for (one, _) in &arrivals {
            let known = bodies.entry(one.header("webhook-id").to_owned()).or_insert_with(|| one.body.clone());
            assert_eq!(*known, one.body, "one delivery, one body");
        }
        for known in &self.known {
            let dead = self.scene.dead_until(&known.webhook, 0).await;
            known.judge(&arrivals, &dead);
        }
    }
}

impl Known {
    fn judge(&self, arrivals: &[(Received, bool)], dead: &[Dead]) {
        let mine: Vec<_> = arrivals.iter().filter(|(one, _)| one.path == self.path).collect();
        let dead: HashSet<i64> = dead.iter().flat_map(|dead| dead.from_sequence..=dead.to_sequence).collect();
        let taken: HashSet<i64> =
            mine.iter().filter(|(_, is_taken)| *is_taken).map(|(one, _)| one.sequence()).collect();
        for sequence in self.owed.keys() {
            assert!(taken.contains(sequence) || dead.contains(sequence), "{sequence} is lost");
        }
        let mut told: HashSet<i64> = dead.clone();
        told.extend(mine.iter().map(|(one, _)| one.sequence()));
        assert!(told.iter().all(|sequence| self.owed.contains_key(sequence)), "more than was owed");
        for (one, _) in &mine {
            let before = self.owed.range(..one.sequence()).next_back().map_or(0, |(sequence, _)| *sequence);
            assert_eq!(one.previous(), before, "before {}", one.sequence());
        }
        self.judge_order(&mine, &dead);
    }

    fn judge_order(&self, mine: &[&(Received, bool)], dead: &HashSet<i64>) {
        let (mut last, mut settled) = (HashMap::new(), dead.clone());
        let mut seen = HashSet::new();
        for (one, is_taken) in mine {
            let sequence = one.sequence();
            let Some(line) = self.order.line([self.owed[&sequence]; 16]) else { return };
            if seen.insert(sequence) {
                let before = last.insert(line, sequence).unwrap_or(0);
                assert!(before < sequence, "{sequence} came after {before}");
            }
            if self.order.is_strict() {
                let in_line = |resource: &u8| self.order.line([*resource; 16]) == Some(line);
                let mut before = self.owed.range(..sequence).filter(|(_, resource)| in_line(resource));
                let missing = before.find(|(before, _)| !settled.contains(before));
                assert!(missing.is_none(), "{sequence} came before {missing:?} was settled");
            }
            if *is_taken {
                settled.insert(sequence);
            }
        }
    }
}

async fn play(database: TestDatabase, seed: u64) {
    eprintln!("seed {seed} on {}", database.location.engine_name());
    let store = Store::open(&database.location).await.unwrap();
    let mut model = Model::new(store, seed).await;
    model.restart().await;
    for _ in 0..STEPS {
        model.step().await;
    }
    model.end_well().await;
    model.judge().await;
    drop(model);
    database.remove().await;
}

fn seeds(usual: Range<u64>) -> Range<u64> {
    let Ok(text) = std::env::var("BOATHOOK_MODEL_SEEDS") else { return usual };
    let (first, end) = text.split_once("..").expect("seeds are given as FIRST..END");
    first.parse().unwrap()..end.parse().unwrap()
}

#[tokio::test]
async fn random_lives_end_with_everything_told_on_sqlite() {
    for seed in seeds(0..30) {
        play(TestDatabase::sqlite(), seed).await;
    }
}

#[tokio::test]
async fn random_lives_end_with_everything_told_on_postgresql() {
    for seed in seeds(100..104) {
        let Some(database) = TestDatabase::postgres().await else { return };
        play(database, seed).await;
    }
}
