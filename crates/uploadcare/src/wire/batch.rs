//! What a batch answers: the files it touched, and what was wrong with the ids it could not use.

use super::file::FileBody;
use crate::version::Version;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The answer of `PUT` and `DELETE /files/storage/`: always `ok`, even when no id was any good.
pub(crate) struct Batch<'a> {
    pub version: Version,
    pub result: Vec<FileBody<'a>>,
    /// Ids as they were sent, each with its problem.
    pub problems: &'a [(String, &'static str)],
}

impl Serialize for Batch<'_> {
    /// 0.5 puts the problems before the result.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let problems = Problems(self.problems);
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("status", "ok")?;
        if self.version == Version::V05 {
            map.serialize_entry("problems", &problems)?;
        }
        map.serialize_entry("result", &self.result)?;
        if self.version > Version::V05 {
            map.serialize_entry("problems", &problems)?;
        }
        map.end()
    }
}

struct Problems<'a>(&'a [(String, &'static str)]);

impl Serialize for Problems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, problem)| (id, problem)))
    }
}
