/**
 * What kubectl sees of a store whose keys are kept elsewhere: one {@code KeyValue} object for each
 * key, written behind, whose edits are proposals, and one {@code Store} object. {@link
 * io.kubekv.k8s.view.View} is where to begin; DESIGN.md, section "The view", has the rules.
 */
@NullMarked
package io.kubekv.k8s.view;

import org.jspecify.annotations.NullMarked;
