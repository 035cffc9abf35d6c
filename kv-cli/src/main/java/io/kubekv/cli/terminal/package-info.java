/** What all verbs share: the world around a command, how things are written and read. */
@NullMarked
package io.kubekv.cli.terminal;

import org.jspecify.annotations.NullMarked;
