package io.kubekv.server;

/**
 * What a client was told.
 *
 * @param refused whether it was told that it may not, in the dialect's form
 * @param text all that came, decoded
 */
record AuthorizationAnswer(boolean refused, String text) {}
