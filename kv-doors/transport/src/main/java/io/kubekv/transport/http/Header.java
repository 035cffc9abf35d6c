package io.kubekv.transport.http;

/** One header line of an answer, written with the case given. */
public record Header(String name, String value) {}
