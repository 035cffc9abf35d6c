/** The page for people, in a real browser. */
package io.kubekv.e2e.page;
