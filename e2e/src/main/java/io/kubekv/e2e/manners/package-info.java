/** How kubekv behaves towards the API server that keeps its objects. */
@NullMarked
package io.kubekv.e2e.manners;

import org.jspecify.annotations.NullMarked;
