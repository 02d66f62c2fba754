//! Tree: the nested parameters of a request, by Rack's rules for names, or as a JSON body spells them.
//!
//! | name | means |
//! |---|---|
//! | `a[b]=1` | `{"a": {"b": "1"}}` |
//! | `a[]=1&a[]=2` | `{"a": ["1", "2"]}` |
//! | `a[][x]=1&a[][y]=2&a[][x]=3` | `{"a": [{"x": "1", "y": "2"}, {"x": "3"}]}`: a repeated key starts the next map |
//! | `a=1&a=2` | `{"a": "2"}`: the last one counts |
//!
//! Values from forms are strings. Rack's `QueryParser` is the model, down to what it makes of stray brackets: `[a]=1` is
//! the key `[a]`.

use serde_json::{Map, Value};

use crate::params::Params;

/// How deep names and JSON bodies may nest; Rack's own limit.
pub const DEPTH_MAX: usize = 32;

/// Why parameters make no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// One name wants a map or list where another put something else, as in `a=1&a[b]=2`.
    #[error("the parameter {name:?} does not fit those before it")]
    Conflict {
        /// The name that did not fit.
        name: String,
    },
    /// Nested deeper than [`DEPTH_MAX`].
    #[error("parameters are nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// The body is not JSON.
    #[error("the body is not valid JSON: {reason}")]
    Json {
        /// What is wrong, and at which line and column. The body's own text is not in it.
        reason: String,
    },
    /// The body is JSON, but not an object.
    #[error("the body is not a JSON object")]
    NotAnObject,
}

/// A map of names to strings, lists, maps, and whatever else JSON has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree(Map<String, Value>);

impl Tree {
    /// The tree that flat parameters spell.
    pub fn from_params(params: &Params) -> Result<Self, Error> {
        let mut root = Value::Object(Map::new());
        for (name, value) in params.iter() {
            let steps = steps(name);
            if steps.len() > DEPTH_MAX {
                return Err(Error::TooDeep);
            }
            // A parameter without a name says nothing.
            if steps.first().is_some_and(|step| *step != Step::Key("")) {
                put(&mut root, &steps, value).ok_or_else(|| Error::Conflict { name: name.to_owned() })?;
            }
        }
        Ok(Self(match root {
            Value::Object(map) => map,
            _ => Map::new(),
        }))
    }

    /// The tree a JSON body spells. An empty body is an empty tree: clients send the header without a body.
    pub fn from_json(body: &[u8]) -> Result<Self, Error> {
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        let value = serde_json::from_slice(body).map_err(|error| Error::Json { reason: error.to_string() })?;
        match value {
            Value::Object(_) if depth(&value) > DEPTH_MAX => Err(Error::TooDeep),
            Value::Object(map) => Ok(Self(map)),
            _ => Err(Error::NotAnObject),
        }
    }

    /// This over that: a root key here replaces the one there, whole. So a body lies over a query.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        let mut merged = below.0;
        merged.extend(self.0);
        Self(merged)
    }

    /// What stands under a root key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// All of it.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// All of it, to take apart.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// One level of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'a> {
    Key(&'a str),
    /// `[]`: the end of a list.
    Append,
}

/// `a[b][][c]` → a, b, append, c. Brackets that do not close belong to the key before them.
fn steps(name: &str) -> Vec<Step<'_>> {
    let root = name.char_indices().skip(1).find(|(_, char)| *char == '[').map_or(name.len(), |(at, _)| at);
    let (root, mut rest) = name.split_at(root);
    let mut steps = vec![Step::Key(root)];
    while !rest.is_empty() {
        let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match inner {
            Some(("", after)) => {
                steps.push(Step::Append);
                rest = after;
            }
            Some((key, after)) => {
                steps.push(Step::Key(key));
                rest = after;
            }
            None if rest == "[" && steps.len() == 1 => return vec![Step::Key(name)],
            None => {
                steps.push(Step::Key(rest));
                rest = "";
            }
        }
    }
    steps
}

/// Puts a value at the end of the steps; None when something else is in the way.
fn put(node: &mut Value, steps: &[Step<'_>], value: &str) -> Option<()> {
    let Some((step, rest)) = steps.split_first() else {
        *node = Value::from(value);
        return Some(());
    };
    match step {
        Step::Key(key) => {
            let child = as_map(node)?.entry(*key).or_insert(Value::Null);
            put(child, rest, value)
        }
        Step::Append => {
            let list = as_list(node)?;
            match list.last_mut() {
                Some(map @ Value::Object(_)) if !rest.is_empty() && !is_taken(map, rest) => put(map, rest, value),
                _ => {
                    let mut item = Value::Null;
                    put(&mut item, rest, value)?;
                    list.push(item);
                    Some(())
                }
            }
        }
    }
}

/// Whether the last map of a list already has this key, so that the value belongs to the next map. A key with a list in
/// it never counts as taken: there is always room at the end of a list.
fn is_taken(map: &Value, steps: &[Step<'_>]) -> bool {
    let found = steps.iter().try_fold(map, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Append => None,
    });
    found.is_some()
}

fn as_map(node: &mut Value) -> Option<&mut Map<String, Value>> {
    if node.is_null() {
        *node = Value::Object(Map::new());
    }
    node.as_object_mut()
}

fn as_list(node: &mut Value) -> Option<&mut Vec<Value>> {
    if node.is_null() {
        *node = Value::Array(Vec::new());
    }
    node.as_array_mut()
}

/// The depth of what serde has read, which its own recursion limit of 128 keeps shallow enough to walk.
fn depth(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn tree(query: &str) -> Result<Tree, Error> {
        Tree::from_params(&Params::parse(query.as_bytes()).unwrap())
    }

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "the tables below read better without borrows")]
    fn check(query: &str, expected: Value) {
        assert_eq!(Value::Object(tree(query).unwrap().into_map()), expected, "{query}");
    }

    #[test]
    fn flat_names() {
        check("", json!({}));
        check("a=1&b=&c", json!({"a": "1", "b": "", "c": ""}));
        check("a=1&a=2", json!({"a": "2"}));
        check("=1", json!({}));
    }

    #[test]
    fn maps_and_lists() {
        check("webhook[target_url]=x", json!({"webhook": {"target_url": "x"}}));
        check("webhook[events][]=a&webhook[events][]=b", json!({"webhook": {"events": ["a", "b"]}}));
        check("file[metadata][color]=red&file[size]=2", json!({"file": {"metadata": {"color": "red"}, "size": "2"}}));
        check("file%5Bmetadata%5D%5Bcolor%5D=red", json!({"file": {"metadata": {"color": "red"}}}));
        check("a[]=&a[]", json!({"a": ["", ""]}));
        check("a[b]=1&a=2", json!({"a": "2"}));
    }

    #[test]
    fn lists_of_maps() {
        check(
            "m[][key]=color&m[][value]=red&m[][key]=size&m[][value]=2",
            json!({"m": [{"key": "color", "value": "red"}, {"key": "size", "value": "2"}]}),
        );
        check("x[][y][z]=1&x[][y][w]=2&x[][y][z]=3", json!({"x": [{"y": {"z": "1", "w": "2"}}, {"y": {"z": "3"}}]}));
        check("x[][a]=1&x[]=2&x[][b]=3", json!({"x": [{"a": "1"}, "2", {"b": "3"}]}));
        check("x[][y][]=1&x[][y][]=2", json!({"x": [{"y": ["1", "2"]}]}));
        check("x[][]=1&x[][]=2", json!({"x": [["1"], ["2"]]}));
    }

    #[test]
    fn stray_brackets() {
        check("[a]=1", json!({"[a]": "1"}));
        check("a[=1", json!({"a[": "1"}));
        check("a[b=1", json!({"a": {"[b": "1"}}));
        check("a]=1", json!({"a]": "1"}));
        check("a[b]c=1", json!({"a": {"b": {"c": "1"}}}));
        check("[]=1", json!({"[]": "1"}));
        check("ü[ö]=1", json!({"ü": {"ö": "1"}}));
    }

    #[test]
    fn conflicts_are_errors() {
        for query in ["a=1&a[b]=2", "a=1&a[]=2", "a[]=1&a[b]=2", "a[b]=1&a[]=2", "a[b]=1&a[b][c]=2"] {
            let name = query.rsplit_once('&').unwrap().1.split_once('=').unwrap().0;
            assert_eq!(tree(query), Err(Error::Conflict { name: name.to_owned() }), "{query}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |levels| format!("a{}=1", "[b]".repeat(levels));
        assert!(tree(&nested(DEPTH_MAX - 1)).is_ok());
        assert_eq!(tree(&nested(DEPTH_MAX)), Err(Error::TooDeep));
        assert_eq!(tree(&format!("a{}=1", "[]".repeat(10_000))), Err(Error::TooDeep));
        let json = |levels| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        assert!(Tree::from_json(json(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(Tree::from_json(json(DEPTH_MAX + 1).as_bytes()), Err(Error::TooDeep));
        assert!(matches!(Tree::from_json(json(100_000).as_bytes()), Err(Error::Json { .. })));
    }

    #[test]
    fn json_bodies() {
        let body = Tree::from_json(br#"{"webhook": {"is_active": true}, "n": null}"#).unwrap();
        let merged = body.over(tree("webhook[target_url]=x&page=2").unwrap());
        assert_eq!(merged.get("webhook"), Some(&json!({"is_active": true})));
        assert_eq!(merged.get("page"), Some(&json!("2")));
        assert_eq!(merged.as_map().len(), 3);
        assert_eq!(Tree::from_json(b" "), Ok(Tree::default()));
        assert_eq!(Tree::from_json(b"[1]"), Err(Error::NotAnObject));
        assert!(matches!(Tree::from_json(b"{"), Err(Error::Json { .. })));
    }
}
