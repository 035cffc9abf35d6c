/**
 * What a workload costs: calls, etcd's bytes, memory. Sizes and rates in, figures with their
 * formulas out; sees nothing of the server.
 */
@NullMarked
package io.kubekv.cost;

import org.jspecify.annotations.NullMarked;
