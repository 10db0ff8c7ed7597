//! Named, typed, unit-bearing columns: the only shape results ever have.
//!
//! A [`Schema`] says what a table holds; a [`Table`] is a schema with rows. Long tables are written
//! in chunks: every chunk is a `Table` with the same schema. A missing real number is `NaN` in
//! memory and nothing at all in a file (an empty field in CSV, a null in Parquet), never 0.

use std::sync::Arc;

/// What kind of values a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Integer,
    /// Real numbers; `NaN` stands for missing.
    Real,
    /// Words, from a small set that repeats.
    Text,
    /// Calendar dates, as days since 1970-01-01.
    Date,
}

/// The name, kind, unit and meaning of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Column name, `snake_case`.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// Unit in words (`"cases"`, `"share"`, `"days"`); empty for names and labels.
    pub unit: String,
    /// One sentence for the column metadata.
    pub description: String,
}

impl Field {
    /// A column of the given name, kind, unit and meaning.
    pub fn new(name: &str, kind: Kind, unit: &str, description: &str) -> Self {
        Self { name: name.to_owned(), kind, unit: unit.to_owned(), description: description.to_owned() }
    }

    /// A column of words. Words have no unit.
    pub fn text(name: &str, description: &str) -> Self {
        Self::new(name, Kind::Text, "", description)
    }

    /// A column of real numbers in the given unit.
    pub fn real(name: &str, unit: &str, description: &str) -> Self {
        Self::new(name, Kind::Real, unit, description)
    }

    /// A column of whole numbers in the given unit.
    pub fn integer(name: &str, unit: &str, description: &str) -> Self {
        Self::new(name, Kind::Integer, unit, description)
    }

    /// A column of calendar dates. Dates have no unit.
    pub fn date(name: &str, description: &str) -> Self {
        Self::new(name, Kind::Date, "", description)
    }
}

/// What a table holds, before it has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Table name; also the file name without its ending.
    pub name: String,
    /// One sentence for the table metadata.
    pub description: String,
    /// The columns, in order.
    pub fields: Vec<Field>,
}

impl Schema {
    /// A schema of the given name, meaning and columns, ready to be shared by the chunks of a table.
    pub fn of(name: &str, description: &str, fields: Vec<Field>) -> Arc<Self> {
        Arc::new(Self { name: name.to_owned(), description: description.to_owned(), fields })
    }
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers.
    Integer(Vec<i64>),
    /// Real numbers; `NaN` is missing.
    Real(Vec<f64>),
    /// Words.
    Text(Vec<Arc<str>>),
    /// Days since 1970-01-01.
    Date(Vec<i32>),
}

impl Values {
    /// An empty column of the given kind.
    pub fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Integer => Self::Integer(Vec::new()),
            Kind::Real => Self::Real(Vec::new()),
            Kind::Text => Self::Text(Vec::new()),
            Kind::Date => Self::Date(Vec::new()),
        }
    }

    /// What kind of values these are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Text(_) => Kind::Text,
            Self::Date(_) => Kind::Date,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Integer(v) => v.len(),
            Self::Real(v) => v.len(),
            Self::Text(v) => v.len(),
            Self::Date(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One value of a row, for tables that are built row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A whole number.
    Integer(i64),
    /// A real number; `NaN` is missing.
    Real(f64),
    /// A word.
    Text(Arc<str>),
    /// Days since 1970-01-01.
    Date(i32),
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}
impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}
impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(Arc::from(value))
    }
}
impl From<Arc<str>> for Cell {
    fn from(value: Arc<str>) -> Self {
        Self::Text(value)
    }
}

/// A schema with rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the table holds.
    pub schema: Arc<Schema>,
    columns: Vec<Values>,
}

impl Table {
    /// A table without rows.
    pub fn new(schema: Arc<Schema>) -> Self {
        let columns = schema.fields.iter().map(|field| Values::empty(field.kind)).collect();
        Self { schema, columns }
    }

    /// A table from whole columns.
    ///
    /// # Errors
    /// When the number, kind or length of the columns does not fit the schema; the message says where.
    pub fn from_columns(schema: Arc<Schema>, columns: Vec<Values>) -> Result<Self, String> {
        if columns.len() != schema.fields.len() {
            return Err(format!(
                "table {} has {} columns, but {} were given",
                schema.name,
                schema.fields.len(),
                columns.len()
            ));
        }
        let rows = columns.first().map_or(0, Values::len);
        for (field, values) in schema.fields.iter().zip(&columns) {
            if values.kind() != field.kind {
                return Err(format!(
                    "column {}.{} holds {:?}, not {:?}",
                    schema.name,
                    field.name,
                    field.kind,
                    values.kind()
                ));
            }
            if values.len() != rows {
                return Err(format!(
                    "column {}.{} has {} rows, the first column {rows}",
                    schema.name,
                    field.name,
                    values.len()
                ));
            }
        }
        Ok(Self { schema, columns })
    }

    /// Adds one row.
    ///
    /// # Panics
    /// When the row does not fit the schema: a row is written by the same code that wrote the schema.
    pub fn push<const N: usize>(&mut self, row: [Cell; N]) {
        self.push_cells(row);
    }

    /// Adds one row of as many cells as there are columns.
    ///
    /// # Panics
    /// When the row does not fit the schema.
    pub fn push_cells(&mut self, row: impl IntoIterator<Item = Cell>) {
        let mut count = 0;
        for (place, cell) in row.into_iter().enumerate() {
            count = place + 1;
            let Some(column) = self.columns.get_mut(place) else { continue };
            match (column, cell) {
                (Values::Integer(v), Cell::Integer(x)) => v.push(x),
                (Values::Real(v), Cell::Real(x)) => v.push(x),
                (Values::Text(v), Cell::Text(x)) => v.push(x),
                (Values::Date(v), Cell::Date(x)) => v.push(x),
                (_, cell) => {
                    let field = &self.schema.fields[place];
                    panic!("column {}.{} is {:?}, but got {cell:?}", self.schema.name, field.name, field.kind)
                }
            }
        }
        assert_eq!(count, self.columns.len(), "a row of table {} has {count} cells", self.schema.name);
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Values::len)
    }

    /// All columns, in the order of the schema.
    pub fn columns(&self) -> &[Values] {
        &self.columns
    }

    /// The column of that name, if there is one.
    pub fn column(&self, name: &str) -> Option<&Values> {
        let index = self.schema.fields.iter().position(|field| field.name == name)?;
        self.columns.get(index)
    }

    /// The whole numbers of a column, if there is one of that name and kind.
    pub fn integers(&self, name: &str) -> Option<&[i64]> {
        match self.column(name)? {
            Values::Integer(v) => Some(v),
            _ => None,
        }
    }

    /// The real numbers of a column, if there is one of that name and kind.
    pub fn reals(&self, name: &str) -> Option<&[f64]> {
        match self.column(name)? {
            Values::Real(v) => Some(v),
            _ => None,
        }
    }

    /// The words of a column, if there is one of that name and kind.
    pub fn texts(&self, name: &str) -> Option<&[Arc<str>]> {
        match self.column(name)? {
            Values::Text(v) => Some(v),
            _ => None,
        }
    }

    /// The dates of a column (days since 1970-01-01), if there is one of that name and kind.
    pub fn dates(&self, name: &str) -> Option<&[i32]> {
        match self.column(name)? {
            Values::Date(v) => Some(v),
            _ => None,
        }
    }

    /// The cells of a row as words: numbers in full, missing ones as nothing, dates as days since 1970-01-01.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn words(&self, row: usize) -> impl Iterator<Item = String> + '_ {
        self.columns.iter().map(move |column| match column {
            Values::Integer(v) => v[row].to_string(),
            Values::Real(v) if v[row].is_nan() => String::new(),
            Values::Real(v) => format!("{:?}", v[row]),
            Values::Text(v) => v[row].to_string(),
            Values::Date(v) => v[row].to_string(),
        })
    }

    /// Some rows of the table, in the order given.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn picked(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| match column {
            Values::Integer(v) => Values::Integer(rows.iter().map(|row| v[*row]).collect()),
            Values::Real(v) => Values::Real(rows.iter().map(|row| v[*row]).collect()),
            Values::Text(v) => Values::Text(rows.iter().map(|row| Arc::clone(&v[*row])).collect()),
            Values::Date(v) => Values::Date(rows.iter().map(|row| v[*row]).collect()),
        });
        Self { schema: Arc::clone(&self.schema), columns: columns.collect() }
    }

    /// The same columns under another schema.
    ///
    /// # Panics
    /// When the schema has other columns.
    #[must_use]
    pub fn renamed(self, schema: Schema) -> Self {
        assert_eq!(self.schema.fields.len(), schema.fields.len(), "a table keeps its columns");
        Self { schema: Arc::new(schema), columns: self.columns }
    }

    /// Adds the rows of another table of the same schema.
    ///
    /// # Panics
    /// When the schemas differ: chunks of one table come from one place.
    pub fn append(&mut self, other: Self) {
        assert_eq!(self.schema, other.schema, "only chunks of one table can be joined");
        for (mine, theirs) in self.columns.iter_mut().zip(other.columns) {
            match (mine, theirs) {
                (Values::Integer(a), Values::Integer(b)) => a.extend(b),
                (Values::Real(a), Values::Real(b)) => a.extend(b),
                (Values::Text(a), Values::Text(b)) => a.extend(b),
                (Values::Date(a), Values::Date(b)) => a.extend(b),
                _ => unreachable!("equal schemas have equal kinds"),
            }
        }
    }
}
