package io.kubekv.engine;

/**
 * How much may be written.
 *
 * @param perSecond bytes a second, for long
 * @param burst bytes that may be saved up, and are there in the beginning
 */
public record ByteRate(long perSecond, long burst) {
  public static final ByteRate UNLIMITED = new ByteRate(Long.MAX_VALUE, Long.MAX_VALUE);
}
