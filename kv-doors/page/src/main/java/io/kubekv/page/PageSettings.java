package io.kubekv.page;

import io.kubekv.page.cost.Looks;
import io.kubekv.page.cost.Serving;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What all views of the page have in common.
 *
 * @param writes whether keys can be changed
 * @param figures as of {@link PageDoor}
 * @param serving as of {@link PageDoor}
 * @param looks at the figures that rates are told from
 * @param threads virtual ones, one for each stream
 * @param streams those that are open
 */
record PageSettings(
    boolean writes,
    Supplier<List<PageDoor.Figures>> figures,
    Supplier<Serving> serving,
    Looks looks,
    Executor threads,
    Streams streams) {}
