//! The middle of every verb: save what changed and append its event, or do neither.
//!
//! Appending is last, since it takes the project's place in line until the commit. Verbs that change several files lock all of them, by
//! id, before the first append: so two verbs never wait for each other in a circle.

use domain::clock::Timestamp;
use domain::event::{Change, Fact, Initiator, Subject};
use domain::file::File;
use domain::id::{EventId, FileId, ProjectId};
use store::{Tx, events, files};

use crate::access::Principal;
use crate::{Error, Noun, Platform};

/// When something happens, by whom, and the id its event will bear: made before the transaction.
#[derive(Clone, Copy)]
pub(crate) struct Occasion {
    pub(crate) id: EventId,
    pub(crate) at: Timestamp,
    pub(crate) initiator: Initiator,
}

impl Platform {
    /// An occasion now, caused by this caller.
    pub(crate) fn occasion(&self, principal: &Principal) -> Occasion {
        let at = self.now();
        Occasion { id: self.chance().event_id(at), at, initiator: Initiator::Api(principal.request) }
    }

    /// As many occasions at one instant.
    pub(crate) fn occasions(&self, count: usize, at: Timestamp, initiator: Initiator) -> Vec<Occasion> {
        let occasion = |_| Occasion { id: self.chance().event_id(at), at, initiator };
        (0..count).map(occasion).collect()
    }
}

impl Occasion {
    /// The fact that this change happened to this file on this occasion.
    pub(crate) fn fact(self, change: Change, file: File) -> Fact {
        Fact {
            id: self.id,
            change,
            at: self.at,
            initiator: self.initiator,
            subject: Subject::File(file),
            addressee: None,
        }
    }
}

/// The file, locked until the commit.
pub(crate) fn claim(tx: &mut Tx<'_>, project: ProjectId, id: FileId) -> Result<File, Error> {
    files::find_for_update(tx, project, id)?.ok_or(Error::NotFound(Noun::File))
}

/// Saves a change and tells it.
pub(crate) fn record(tx: &mut Tx<'_>, file: File, change: Change, occasion: Occasion) -> Result<(), Error> {
    files::save(tx, &file)?;
    events::append(tx, occasion.fact(change, file))?;
    Ok(())
}

/// Changes those of the files that there are, each on an occasion of its own; answers them, changed or not, by the instant of their
/// upload. There must be as many occasions as ids.
pub(crate) fn change_each(
    tx: &mut Tx<'_>,
    project: ProjectId,
    ids: &[FileId],
    occasions: &[Occasion],
    transition: impl Fn(&mut File, Timestamp) -> Option<Change>,
) -> Result<Vec<File>, Error> {
    let mut found = files::find_many_for_update(tx, project, ids)?;
    let mut facts = Vec::new();
    for (file, occasion) in found.iter_mut().zip(occasions) {
        if let Some(change) = transition(file, occasion.at) {
            files::save(tx, file)?;
            facts.push(occasion.fact(change, file.clone()));
        }
    }
    for fact in facts {
        events::append(tx, fact)?;
    }
    Ok(found)
}
