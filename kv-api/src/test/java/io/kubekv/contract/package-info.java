/** The contract kit: what every store must pass. DESIGN.md of this module says how it works. */
@NullMarked
package io.kubekv.contract;

import org.jspecify.annotations.NullMarked;
