//! PostgreSQL's types as far as they are supported: their names, how SQLite keeps them, and how it checks them.

use pgwire::api::Type;

/// A type of a column, parameter or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::node::database) enum SqlType {
    /// Kept as 0 or 1.
    Bool,
    /// 16 bits.
    Int2,
    /// 32 bits.
    Int4,
    /// 64 bits.
    Int8,
    /// Kept as a double.
    Float4,
    /// A double.
    Float8,
    /// Kept as an integer or a double: 15 significant digits.
    Numeric,
    /// Text of any length.
    Text,
    /// Text, perhaps with a longest length.
    Varchar,
    /// Bytes.
    Bytea,
    /// Kept as text in UTC.
    Timestamptz,
    /// Kept as text.
    Timestamp,
    /// Kept as text.
    Date,
    /// Kept as text.
    Uuid,
    /// Kept as text.
    Json,
    /// Kept as text.
    Jsonb,
}

/// What the names of constraints that check a type begin with, so that an error can be told from that of a constraint
/// of the client's own.
pub(in crate::node::database) const CHECKED: &str = "type ";

use SqlType::{
    Bool, Bytea, Date, Float4, Float8, Int2, Int4, Int8, Json, Jsonb, Numeric, Text, Timestamp, Timestamptz, Uuid,
    Varchar,
};

/// Every type with its name in the catalogue and the other names that it can be written with.
const NAMES: [(SqlType, &str, &[&str]); 16] = [
    (Bool, "bool", &["boolean"]),
    (Int2, "int2", &["smallint"]),
    (Int4, "int4", &["int", "integer"]),
    (Int8, "int8", &["bigint"]),
    (Float4, "float4", &["real"]),
    (Float8, "float8", &["float", "double precision"]),
    (Numeric, "numeric", &["decimal"]),
    (Text, "text", &["name", "regclass", "bpchar"]),
    (Varchar, "varchar", &["character varying", "char", "character"]),
    (Bytea, "bytea", &[]),
    (Timestamptz, "timestamptz", &["timestamp with time zone"]),
    (Timestamp, "timestamp", &["timestamp without time zone"]),
    (Date, "date", &[]),
    (Uuid, "uuid", &[]),
    (Json, "json", &[]),
    (Jsonb, "jsonb", &[]),
];

impl SqlType {
    /// The type of this name, which is in lower case.
    pub(in crate::node::database) fn of_name(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, own, others)| *own == name || others.contains(&name));
        found.map(|(kind, ..)| *kind)
    }

    /// The type of a column that was declared with these words by [`super::columns`]: a serial column's are SQLite's
    /// own, with which alone it numbers rows, and their case tells the width.
    pub(in crate::node::database) fn of_declaration(words: &str) -> Self {
        match words {
            SERIAL => Int4,
            BIGSERIAL => Int8,
            _ => Self::of_name(words.split('(').next().unwrap_or_default().trim()).unwrap_or(Text),
        }
    }

    /// The type's name.
    pub(in crate::node::database) fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, ..)| *kind == self).map_or("text", |(_, name, _)| name)
    }

    /// The type as the protocol names it.
    pub(in crate::node::database) fn wire(self) -> Type {
        match self {
            Bool => Type::BOOL,
            Int2 => Type::INT2,
            Int4 => Type::INT4,
            Int8 => Type::INT8,
            Float4 => Type::FLOAT4,
            Float8 => Type::FLOAT8,
            Numeric => Type::NUMERIC,
            Text => Type::TEXT,
            Varchar => Type::VARCHAR,
            Bytea => Type::BYTEA,
            Timestamptz => Type::TIMESTAMPTZ,
            Timestamp => Type::TIMESTAMP,
            Date => Type::DATE,
            Uuid => Type::UUID,
            Json => Type::JSON,
            Jsonb => Type::JSONB,
        }
    }

    /// The type that the protocol names so; `None` for one that is not supported.
    pub(in crate::node::database) fn of_wire(wire: &Type) -> Option<Self> {
        if matches!(*wire, Type::BPCHAR | Type::NAME | Type::UNKNOWN) {
            return Some(Text);
        }
        NAMES.iter().map(|(kind, ..)| *kind).find(|kind| kind.wire() == *wire)
    }

    /// What the value of a column must be, as an SQL condition; `None` where anything can be.
    pub(super) fn check(self, column: &str, limits: &[u32]) -> Option<String> {
        let integer = |range: &str| Some(format!("typeof({column}) in ('integer', 'null'){range}"));
        match self {
            Bool => integer(&format!(" and coalesce({column}, 0) in (0, 1)")),
            Int2 => integer(&format!(" and coalesce({column}, 0) between -32768 and 32767")),
            Int4 => integer(&format!(" and coalesce({column}, 0) between -2147483648 and 2147483647")),
            Int8 => integer(""),
            Float4 | Float8 | Numeric => Some(format!("typeof({column}) in ('integer', 'real', 'null')")),
            Bytea => Some(format!("typeof({column}) in ('blob', 'null')")),
            Varchar => limits.first().map(|limit| format!("coalesce(length({column}), 0) <= {limit}")),
            Json | Jsonb => Some(format!("json_valid(coalesce({column}, 'null'))")),
            Timestamptz | Timestamp | Date => Some(format!("{column} is null or julianday({column}) is not null")),
            Text | Uuid => None,
        }
    }

    /// What SQLite casts to, where a cast changes a value.
    pub(super) const fn storage(self) -> Option<&'static str> {
        match self {
            Bool | Int2 | Int4 | Int8 => Some("integer"),
            Float4 | Float8 => Some("real"),
            Numeric => Some("numeric"),
            Text | Varchar => Some("text"),
            Bytea => Some("blob"),
            Timestamptz | Timestamp | Date | Uuid | Json | Jsonb => None,
        }
    }
}

/// How a `serial` column is declared. SQLite numbers rows only in a column of exactly this type, in any case.
pub(super) const SERIAL: &str = "INTEGER";
/// How a `bigserial` column is declared.
pub(super) const BIGSERIAL: &str = "integer";
