//! The fields of a filter, by their names.

use super::super::Parser;
use crate::filter::error::{FilterError, FilterReason, excerpt};
use crate::filter::expression::{FlagField, NumberField, TextField};
use crate::filter::lexer::Token;

const FIELD: &str = "a field, `not` or `(`";
/// Words that are no names: where a field belongs, one is missing before them.
const KEYWORDS: [&str; 5] = ["and", "or", "in", "like", "exists"];

/// A field, by what can be asked of it.
pub(super) enum Field {
    Text(TextField),
    Number(NumberField),
    Flag(FlagField),
}

impl Parser<'_> {
    pub(super) fn field(&mut self) -> Result<Field, FilterError> {
        let at = self.take()?;
        let Token::Word(word) = at.token else {
            return Err(at.expected(FIELD));
        };
        Ok(match word {
            "mime" => Field::Text(TextField::Mime),
            "declared_mime" => Field::Text(TextField::DeclaredMime),
            "name" => Field::Text(TextField::Name),
            "event" => Field::Text(TextField::Event),
            "size" => Field::Number(NumberField::Size),
            "width" => Field::Number(NumberField::Width),
            "height" => Field::Number(NumberField::Height),
            "is_image" => Field::Flag(FlagField::IsImage),
            "is_stored" => Field::Flag(FlagField::IsStored),
            "metadata" => Field::Text(TextField::Metadata(self.key_in_brackets()?)),
            _ => match word.strip_prefix("metadata.") {
                Some("") => return Err(at.expected("a key after `metadata.`")),
                Some(key) => Field::Text(TextField::Metadata(key.to_owned())),
                None if KEYWORDS.into_iter().any(|keyword| at.is_keyword(keyword)) => {
                    return Err(at.expected(FIELD));
                }
                None => return Err(at.fail(FilterReason::FieldUnknown(excerpt(word)))),
            },
        })
    }

    fn key_in_brackets(&mut self) -> Result<String, FilterError> {
        self.expect_symbol("[", "`metadata.KEY` or `metadata[\"KEY\"]`")?;
        let at = self.take()?;
        let key = match at.token {
            Token::Text(key) if !key.is_empty() => key,
            _ => return Err(at.expected("a metadata key in quotes")),
        };
        self.expect_symbol("]", "`]`").map(|()| key)
    }
}
