package io.kubekv;

/** What an entry is. Only requests with {@link Layout#TREE} make directories or heed them. */
public enum Kind {
  VALUE,
  DIRECTORY
}
