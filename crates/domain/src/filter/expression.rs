//! Expression: a filter as a tree, typed so that no comparison can be made that its field has no answer to.

/// What must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// Each of them, two at least, none itself an `All`.
    All(Vec<Self>),
    /// One of them, two at least, none itself an `Any`.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One comparison.
    Compare(Comparison),
}

/// A field and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Text(TextField, TextTest),
    Number(NumberField, NumberTest),
    Flag(FlagField, FlagTest),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextField {
    Mime,
    DeclaredMime,
    Name,
    Event,
    Metadata(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextTest {
    Equal(String),
    Unequal(String),
    Like(String),
    In(Vec<String>),
    Exists,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberField {
    Size,
    Width,
    Height,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NumberTest {
    Compare(Order, Number),
    In(Vec<Number>),
    Exists,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A number as it was written: its unit is kept, so that it prints as its author knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// How many units.
    pub(super) count: i64,
    /// The unit's symbol; empty for none.
    pub(super) unit: &'static str,
    /// The number itself: bytes or pixels.
    pub(super) value: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagField {
    IsImage,
    IsStored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagTest {
    Equal(bool),
    Unequal(bool),
    Exists,
}

impl Expression {
    /// Each of these, one at least: a single one stands for itself, and nested ones are laid flat.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::All(inner) => inner,
            other => vec![other],
        });
        single(flat.collect(), Self::All)
    }

    /// One of these, one at least: a single one stands for itself, and nested ones are laid flat.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::Any(inner) => inner,
            other => vec![other],
        });
        single(flat.collect(), Self::Any)
    }

    /// Every comparison, from left to right.
    pub(super) fn comparisons(&self) -> Vec<&Comparison> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
            Self::Not(inner) => inner.comparisons(),
            Self::Compare(comparison) => vec![comparison],
        }
    }
}

fn single(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
