/** The page: people look at a store with a browser, and change it where they are let. */
@NullMarked
package io.kubekv.page;

import org.jspecify.annotations.NullMarked;
