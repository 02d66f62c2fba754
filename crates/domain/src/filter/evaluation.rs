//! Asking a filter of an event. This is done for every event and webhook: nothing here allocates.

use super::expression::{
    Comparison, Expression, FlagField, FlagTest, NumberField, NumberTest, Order, TextField, TextTest,
};
use super::pattern;
use crate::event::Fact;
use crate::file::State;

impl Expression {
    pub(super) fn holds(&self, fact: &Fact) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(fact)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(fact)),
            Self::Not(inner) => !inner.holds(fact),
            Self::Compare(comparison) => comparison.holds(fact),
        }
    }
}

impl Comparison {
    pub(super) fn holds(&self, fact: &Fact) -> bool {
        match self {
            Self::Text(field, test) => test.holds(field.of(fact), field.folds_case()),
            Self::Number(field, test) => test.holds(field.of(fact)),
            Self::Flag(field, test) => test.holds(field.of(fact)),
        }
    }
}

impl TextTest {
    fn holds(&self, actual: Option<&str>, folds_case: bool) -> bool {
        let same = |wanted: &String| {
            actual.is_some_and(|actual| wanted == actual || folds_case && wanted.eq_ignore_ascii_case(actual))
        };
        match self {
            Self::Equal(wanted) => same(wanted),
            Self::Unequal(unwanted) => !same(unwanted),
            Self::Like(wanted) => actual.is_some_and(|actual| pattern::covers(wanted, actual, folds_case)),
            Self::In(wanted) => wanted.iter().any(same),
            Self::Exists => actual.is_some(),
        }
    }
}

impl NumberTest {
    fn holds(&self, actual: Option<i64>) -> bool {
        match self {
            Self::Compare(order, number) => order.holds(actual, number.value),
            Self::In(numbers) => numbers.iter().any(|number| actual == Some(number.value)),
            Self::Exists => actual.is_some(),
        }
    }
}

impl Order {
    fn holds(self, actual: Option<i64>, wanted: i64) -> bool {
        match self {
            Self::Equal => actual == Some(wanted),
            Self::Unequal => actual != Some(wanted),
            Self::Less => actual.is_some_and(|actual| actual < wanted),
            Self::LessOrEqual => actual.is_some_and(|actual| actual <= wanted),
            Self::Greater => actual.is_some_and(|actual| actual > wanted),
            Self::GreaterOrEqual => actual.is_some_and(|actual| actual >= wanted),
        }
    }
}

impl FlagTest {
    fn holds(self, actual: bool) -> bool {
        match self {
            Self::Equal(wanted) => actual == wanted,
            Self::Unequal(unwanted) => actual != unwanted,
            Self::Exists => true,
        }
    }
}

// What is not a file has no names, sizes and the like: every comparison of them is false.

impl TextField {
    fn of<'a>(&self, fact: &'a Fact) -> Option<&'a str> {
        if matches!(self, Self::Event) {
            return Some(fact.change.kind.name());
        }
        let file = fact.subject.file()?;
        match self {
            Self::Mime => Some(&file.content.mime),
            Self::DeclaredMime => Some(&file.declared_mime),
            Self::Name => Some(&file.name),
            Self::Event => Some(fact.change.kind.name()),
            Self::Metadata(key) => file.metadata.get(key),
        }
    }

    /// Whether its values are the same in either ASCII case.
    fn folds_case(&self) -> bool {
        matches!(self, Self::Mime | Self::DeclaredMime)
    }
}

impl NumberField {
    fn of(self, fact: &Fact) -> Option<i64> {
        let file = fact.subject.file()?;
        let image = file.content.image.as_ref();
        match self {
            Self::Size => Some(file.size_bytes),
            Self::Width => image.map(|image| image.width.into()),
            Self::Height => image.map(|image| image.height.into()),
        }
    }
}

impl FlagField {
    fn of(self, fact: &Fact) -> bool {
        fact.subject.file().is_some_and(|file| match self {
            Self::IsImage => file.content.image.is_some(),
            Self::IsStored => file.state() == State::Stored,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::filter::{Filter, laws};

    /// Checks a filter against the two sample files: an image of 640 × 480 and a text.
    #[track_caller]
    fn check(text: &str, image: bool, plain: bool) {
        let filter = Filter::parse(text).unwrap();
        let of = |file| filter.matches(&laws::fact(&file));
        assert_eq!((of(laws::image()), of(laws::plain())), (image, plain), "{text}");
    }

    #[test]
    fn text_is_compared_whole() {
        check("name = 'pier.png'", true, false);
        check("name = 'Pier.png'", false, false);
        check("name != 'pier.png'", false, true);
        check("name like '*.p*'", true, false);
        check("name like '*.P*'", false, false);
        check("name in ('a', 'pier.png')", true, false);
        check("name exists", true, true);
        check("event = 'file_uploaded'", true, true);
        check("event != 'file_uploaded'", false, false);
        check("event like '*_stored'", false, false);
        check("event in ('file_stored', 'file_uploaded')", true, true);
    }

    #[test]
    fn mime_types_are_compared_in_either_case() {
        check("mime = 'IMAGE/png'", true, false);
        check("mime != 'IMAGE/png'", false, true);
        check("mime like 'Image/*'", true, false);
        check("mime in ('a/b', 'Text/Plain')", false, true);
        check("declared_mime = 'text/PLAIN; charset=utf-8'", false, true);
        check("declared_mime like '*; CHARSET=*'", false, true);
    }

    #[test]
    fn numbers_are_compared_by_size() {
        for (operator, image, plain) in [
            ("=", true, false),
            ("!=", false, true),
            ("<", false, true),
            ("<=", true, true),
            (">", false, false),
            (">=", true, false),
        ] {
            check(&format!("size {operator} 2MB"), image, plain);
            check(&format!("size {operator} 2000000"), image, plain);
        }
        check("size in (1, 2000 KB)", true, false);
        check("size < 2MB or size > 2MB", false, true);
        check("width = 640 and height = 480", true, false);
    }

    #[test]
    fn flags_stand_alone_or_are_compared() {
        check("is_image", true, false);
        check("is_image = false", false, true);
        check("is_image != true", false, true);
        check("is_image exists", true, true);
        check("is_stored", false, true);
        check("not is_stored", true, false);
    }

    #[test]
    fn what_is_absent_equals_nothing_and_differs_from_everything() {
        check("metadata.album = 'pier'", true, false);
        check("metadata.album != 'pier'", false, true);
        check("metadata.album like '*'", true, false);
        check("metadata.album in ('pier')", true, false);
        check("metadata.album exists", true, false);
        check("metadata['album'] != 'boats'", true, true);
        check("metadata['no such'] exists", false, false);
        check("width exists", true, false);
        check("width != 1", true, true);
        check("width < 1000", true, false);
        check("width <= 1000", true, false);
        check("width > 0", true, false);
        check("width >= 0", true, false);
        check("width in (640)", true, false);
        check("not width > 0", false, true);
    }
}
