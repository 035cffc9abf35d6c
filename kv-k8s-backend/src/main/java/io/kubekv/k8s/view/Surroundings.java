package io.kubekv.k8s.view;

import io.kubekv.KeyValueStore;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What the view works on.
 *
 * @param store the keys
 * @param keys the objects that show them
 * @param docker the objects that show what Docker keeps, by their type
 * @param notices says what becomes of edits
 * @param settings what is shown
 * @param ticker nanoseconds of a clock that never goes back
 * @param wall the time that is shown
 * @param holding whether this process still holds the store; asked before each write
 */
record Surroundings(
    KeyValueStore store,
    ObjectsApi keys,
    Function<DockerKind, ObjectsApi> docker,
    Notices notices,
    ViewSettings settings,
    LongSupplier ticker,
    InstantSource wall,
    BooleanSupplier holding) {}
