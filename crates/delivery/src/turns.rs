//! Turns: whose delivery is next: project after project, and within a project webhook after webhook.
//!
//! Every delivery costs the same, so deficit round robin with a quantum of a few deliveries is plain round robin: a webhook sends up to its
//! quantum and goes to the end of its project's line; its project goes to the end of the projects' line. A busy project or a busy webhook
//! waits for its next turn like a quiet one.

use domain::id::{ProjectId, WebhookNumber};
use std::collections::{HashMap, VecDeque};

/// The webhooks that have something to send, in the order of their turns.
#[derive(Default)]
pub(crate) struct Turns {
    projects: VecDeque<ProjectId>,
    lines: HashMap<ProjectId, VecDeque<WebhookNumber>>,
}

impl Turns {
    /// Puts a webhook at the end of its project's line. The caller keeps it from standing there twice.
    pub(crate) fn queue(&mut self, project: ProjectId, webhook: WebhookNumber) {
        let line = self.lines.entry(project).or_insert_with(|| {
            self.projects.push_back(project);
            VecDeque::new()
        });
        line.push_back(webhook);
    }

    /// Whose turn it is; it leaves the line.
    pub(crate) fn next(&mut self) -> Option<WebhookNumber> {
        let project = self.projects.pop_front()?;
        let line = self.lines.get_mut(&project)?;
        let webhook = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&project);
        } else {
            self.projects.push_back(project);
        }
        webhook
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(queued: &[(i64, i64)]) -> Vec<i64> {
        let mut turns = Turns::default();
        for (project, webhook) in queued {
            turns.queue(ProjectId::new(*project), WebhookNumber::new(*webhook));
        }
        std::iter::from_fn(|| turns.next()).map(WebhookNumber::get).collect()
    }

    #[test]
    fn projects_take_turns_whatever_the_number_of_their_webhooks() {
        assert_eq!(order(&[(1, 10), (1, 11), (1, 12), (2, 20), (3, 30), (3, 31)]), [10, 20, 30, 11, 31, 12]);
        assert_eq!(order(&[]), [0; 0]);
    }

    #[test]
    fn a_project_that_was_served_may_come_again() {
        let mut turns = Turns::default();
        turns.queue(ProjectId::new(1), WebhookNumber::new(10));
        assert_eq!(turns.next(), Some(WebhookNumber::new(10)));
        assert_eq!(turns.next(), None);
        turns.queue(ProjectId::new(1), WebhookNumber::new(11));
        assert_eq!(turns.next(), Some(WebhookNumber::new(11)));
    }
}
