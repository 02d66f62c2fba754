//! Intake: the only path by which bytes become a file.
//!
//! A stream is counted and hashed while it is staged; the byte past the limit is refused by not reading on. Only when the last byte is
//! there are the bytes looked at: their type is sniffed, an image's header probed, a few files at a time. What comes out is
//! [`Received`]: complete, belonging to nobody yet, and gone when dropped. [`admit`](Platform::admit) makes files of it; the two are
//! apart because a form may tell whose bytes it brings after the bytes themselves.

use std::io::{self, Seek};

use blobs::Written;
use bytes::Bytes;
use domain::content::{Content, Image};
use domain::file::tidy_name;
use futures_util::{Stream, StreamExt};
use transform::{probe, sniff};

use crate::{Error, Platform};

/// Bytes that arrived whole and were looked at, but are no file yet. Dropped, they never were.
#[derive(Debug)]
pub struct Received {
    pub(crate) written: Written,
    pub(crate) content: Content,
}

impl Received {
    /// How many bytes arrived.
    pub fn size_bytes(&self) -> u64 {
        self.written.size_bytes
    }

    /// What the bytes are.
    pub fn content(&self) -> &Content {
        &self.content
    }
}

impl Platform {
    /// Takes a stream in. The declared name only helps to tell apart types whose bytes look alike.
    ///
    /// Errors: [`Error::FileTooLarge`] as soon as one byte more than
    /// [`direct_upload_bytes_max`](crate::Settings::direct_upload_bytes_max) came; [`Error::UploadInterrupted`] when the stream fails.
    pub async fn receive(
        &self,
        mut stream: impl Stream<Item = io::Result<Bytes>> + Send + Unpin,
        declared_name: &str,
    ) -> Result<Received, Error> {
        let bytes_max = self.settings().direct_upload_bytes_max;
        let mut staged = self.blobs().stage();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| interrupted(&error))?;
            if staged.size_bytes() + chunk.len() as u64 > bytes_max {
                return Err(Error::FileTooLarge { bytes_max });
            }
            staged.write(chunk).await?;
        }
        let mut written = staged.finish().await?;
        let content = self.inspect(&written, declared_name).await?;
        // Nobody looks again, and a form may bring a hundred files.
        written.head = Bytes::new();
        Ok(Received { written, content })
    }

    async fn inspect(&self, written: &Written, declared_name: &str) -> Result<Content, Error> {
        let (head, name) = (written.head.clone(), tidy_name(declared_name));
        let _turn = self.0.inspections.acquire().await.expect("nobody closes it");
        let looked = written.inspect(move |reader| {
            let mime = sniff::mime(&head, &name, reader);
            reader.rewind()?;
            let image = probe::image(reader, &mime).map(noted);
            Ok(Content { mime, image })
        });
        looked.await?.map_err(|error: io::Error| Error::Unavailable(error.into()))
    }
}

/// The reason is the sender's network; it is worth no more than a line for whoever looks closely.
fn interrupted(error: &io::Error) -> Error {
    tracing::debug!(%error, "an upload was interrupted");
    Error::UploadInterrupted
}

/// What a header told, in the words of the noun.
fn noted(image: probe::Image) -> Image {
    Image {
        format: image.format.to_owned(),
        width: image.width,
        height: image.height,
        color_mode: image.color_mode.as_str().to_owned(),
        orientation: image.orientation,
        dpi: image.dpi,
        is_sequence: image.is_sequence,
        geo_location: image.geo_location,
        datetime_original: image.datetime_original,
    }
}
