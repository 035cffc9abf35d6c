/** Drives kubekv into each trouble that the chart has an alert for, and asks Prometheus. */
@NullMarked
package io.kubekv.e2e.alerts;

import org.jspecify.annotations.NullMarked;
