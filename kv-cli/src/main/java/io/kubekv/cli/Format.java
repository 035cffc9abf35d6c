package io.kubekv.cli;

/** How a verb prints what it was asked for. */
enum Format {
  /** The bare thing that a script wants, and nothing else. */
  VALUE,
  /** One JSON object a line. */
  JSON,
  /** Columns for people. */
  TABLE
}
