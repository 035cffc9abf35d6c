/** Export and import. */
@NullMarked
package io.kubekv.cli.transfer;

import org.jspecify.annotations.NullMarked;
