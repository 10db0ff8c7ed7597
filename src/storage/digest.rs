//! Digests of what is written.

use crate::digest::Digest;
use std::io::{self, Write};

/// A writer that digests what it passes on.
#[derive(Debug)]
pub struct HashingWriter<W> {
    writer: W,
    digest: Digest,
}

impl<W: Write> HashingWriter<W> {
    /// Digests what is written to `writer`.
    pub fn new(writer: W) -> Self {
        Self { writer, digest: Digest::new() }
    }

    /// The writer, and the digest of all that was written, in hexadecimal digits.
    pub fn finish(self) -> (W, String) {
        (self.writer, self.digest.hex())
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
