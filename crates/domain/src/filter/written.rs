//! A filter written out: one way for each, on one line, with no more parentheses than it needs.

use super::expression::{
    Comparison, Expression, FlagField, FlagTest, Number, NumberField, NumberTest, Order, TextField, TextTest,
};
use std::fmt::{Display, Formatter, Result, Write as _};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Any(parts) => write_joined(parts, " or ", f),
            Self::All(parts) => {
                let tight = parts.iter().map(|part| Tight(part, matches!(part, Self::Any(_))));
                write_joined(tight, " and ", f)
            }
            Self::Not(inner) => write!(f, "not {}", Tight(inner, matches!(**inner, Self::Any(_) | Self::All(_)))),
            Self::Compare(comparison) => comparison.fmt(f),
        }
    }
}

/// An expression, in parentheses if its surroundings bind tighter.
struct Tight<'a>(&'a Expression, bool);

impl Display for Tight<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self(expression, is_looser) = self;
        if *is_looser { write!(f, "({expression})") } else { expression.fmt(f) }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(field, test) => write!(f, "{field} {test}"),
            Self::Number(field, test) => write!(f, "{field} {test}"),
            Self::Flag(field, test) => write!(f, "{field} {test}"),
        }
    }
}

impl Display for TextTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Equal(text) => write!(f, "= {}", Quoted(text)),
            Self::Unequal(text) => write!(f, "!= {}", Quoted(text)),
            Self::Like(pattern) => write!(f, "like {}", Quoted(pattern)),
            Self::In(texts) => write_list(texts.iter().map(|text| Quoted(text)), f),
            Self::Exists => f.write_str("exists"),
        }
    }
}

impl Display for NumberTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Compare(order, number) => write!(f, "{order} {number}"),
            Self::In(numbers) => write_list(numbers, f),
            Self::Exists => f.write_str("exists"),
        }
    }
}

impl Display for FlagTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Equal(flag) => write!(f, "= {flag}"),
            Self::Unequal(flag) => write!(f, "!= {flag}"),
            Self::Exists => f.write_str("exists"),
        }
    }
}

impl Display for TextField {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Mime => f.write_str("mime"),
            Self::DeclaredMime => f.write_str("declared_mime"),
            Self::Name => f.write_str("name"),
            Self::Event => f.write_str("event"),
            Self::Metadata(key) if key.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:".contains(&b)) => {
                write!(f, "metadata.{key}")
            }
            Self::Metadata(key) => write!(f, "metadata[{}]", Quoted(key)),
        }
    }
}

impl Display for NumberField {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Size => "size",
            Self::Width => "width",
            Self::Height => "height",
        })
    }
}

impl Display for FlagField {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::IsImage => "is_image",
            Self::IsStored => "is_stored",
        })
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.count, self.unit)
    }
}

/// Text in double quotes, with the escapes it needs.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str(r#"\""#)?,
                '\\' => f.write_str(r"\\")?,
                '\n' => f.write_str(r"\n")?,
                '\r' => f.write_str(r"\r")?,
                '\t' => f.write_str(r"\t")?,
                plain => f.write_char(plain)?,
            }
        }
        f.write_char('"')
    }
}

fn write_list(items: impl IntoIterator<Item: Display>, f: &mut Formatter<'_>) -> Result {
    f.write_str("in (")?;
    write_joined(items, ", ", f)?;
    f.write_char(')')
}

fn write_joined(items: impl IntoIterator<Item: Display>, between: &str, f: &mut Formatter<'_>) -> Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
