package io.kubekv.k8s.snapshot;

/**
 * Entries of the log that follow one another, copied out of the ring into one chunk.
 *
 * @param to the position of the last one
 * @param bytes how large they are together, before base64
 * @param chunk the name of the chunk
 */
public record Segment(long to, int bytes, String chunk) {}
