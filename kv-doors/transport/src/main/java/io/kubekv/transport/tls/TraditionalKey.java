package io.kubekv.transport.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys as OpenSSL used to write them, and Go's tools, Helm and cert-manager still do: RSA
 * as PKCS#1 (RFC 8017, A.1.2) and elliptic curves as SEC 1 (RFC 5915). The JDK reads PKCS#8 (RFC
 * 5958) alone, which is the same with the algorithm around it.
 */
public final class TraditionalKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (RSA|EC) PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1 PRIVATE KEY-----");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION_0 = {2, 1, 0};

  /** The object identifier rsaEncryption, 1.2.840.113549.1.1.1, and NULL. */
  private static final byte[] RSA = {
    6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0xd, 1, 1, 1, 5, 0
  };

  /** The object identifier ecPublicKey, 1.2.840.10045.2.1; the curve follows. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private static final byte[] VERSION_1 = {2, 1, 1};

  private TraditionalKey() {}

  /**
   * The key of a text as PEM of SEC 1, for programs that read elliptic curves' keys in that form
   * alone; empty when it is another kind of key, or has that form already.
   *
   * @throws GeneralSecurityException when there is no usable key in the text, saying what to do
   */
  public static Optional<String> ofEllipticCurve(String text)
      throws IOException, GeneralSecurityException {
    PrivateKey key = Pem.key(text);
    if (text.contains("-----BEGIN EC PRIVATE KEY-----") || !(key instanceof ECPrivateKey curved)) {
      return Optional.empty();
    }
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(curved.getParams());
    byte[] secret = new byte[(curved.getParams().getOrder().bitLength() + 7) / 8];
    byte[] digits = curved.getS().toByteArray();
    int length = Math.min(digits.length, secret.length); // without the sign's byte
    System.arraycopy(digits, digits.length - length, secret, secret.length - length, length);
    byte[] sequence =
        tagged(
            SEQUENCE,
            join(VERSION_1, tagged(OCTETS, secret), tagged(PARAMETERS, curve.getEncoded())));
    return Optional.of(pem("EC PRIVATE KEY", sequence));
  }

  /** The key of a text as PEM of PKCS#8; empty when there is none of the old forms in it. */
  static Optional<String> asPkcs8(String text) throws GeneralSecurityException {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) {
      return Optional.empty();
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(block.group(2));
      byte[] algorithm = block.group(1).equals("RSA") ? RSA : join(EC, curve(key));
      byte[] wrapped =
          tagged(SEQUENCE, join(VERSION_0, tagged(SEQUENCE, algorithm), tagged(OCTETS, key)));
      return Optional.of(pem("PRIVATE KEY", wrapped));
    } catch (IllegalArgumentException
        | BufferUnderflowException
        | IndexOutOfBoundsException garbled) {
      throw new GeneralSecurityException("the key is garbled", garbled);
    }
  }

  /** The curve's identifier, which stands in the key itself. */
  private static byte[] curve(byte[] key) throws GeneralSecurityException {
    ByteBuffer fields = content(ByteBuffer.wrap(key));
    while (fields.hasRemaining()) {
      int tag = fields.get(fields.position()) & 0xff;
      ByteBuffer content = content(fields);
      if (tag == PARAMETERS) {
        byte[] curve = new byte[content.remaining()];
        content.get(curve);
        return curve;
      }
    }
    throw new GeneralSecurityException("the key does not name its curve");
  }

  /** Reads one element, and returns what is in it. */
  private static ByteBuffer content(ByteBuffer in) {
    in.get(); // the tag
    int length = in.get() & 0xff;
    if (length > 0x7f) {
      int bytes = length & 0x7f;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = length << 8 | in.get() & 0xff;
      }
    }
    ByteBuffer content = in.slice(in.position(), Math.min(length, in.remaining()));
    in.position(in.position() + content.remaining());
    return content;
  }

  private static String pem(String kind, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
  }

  private static byte[] tagged(int tag, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return join(head, content);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }
}
