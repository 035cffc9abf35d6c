package io.kubekv.page;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What all views of the page have in common.
 *
 * @param writes whether keys can be changed
 * @param figures as of {@link PageDoor}
 * @param threads virtual ones, one for each stream
 * @param streams those that are open
 */
record PageSettings(
    boolean writes, Supplier<List<PageDoor.Figures>> figures, Executor threads, Streams streams) {}
