/** What the store costs a cluster now: the model of kv-cost on what is measured. */
@NullMarked
package io.kubekv.page.cost;

import org.jspecify.annotations.NullMarked;
