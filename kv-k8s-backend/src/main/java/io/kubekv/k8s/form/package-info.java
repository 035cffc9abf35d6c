/** The form that keys have as {@code KeyValue} objects. */
@NullMarked
package io.kubekv.k8s.form;

import org.jspecify.annotations.NullMarked;
