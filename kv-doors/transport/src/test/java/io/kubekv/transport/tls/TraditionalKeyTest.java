package io.kubekv.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys as {@code openssl ecparam -genkey} and {@code openssl genrsa -traditional} write them. */
class TraditionalKeyTest {
  private static final String EC =
      """
      -----BEGIN EC PARAMETERS-----
      BggqhkjOPQMBBw==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIMt1Fvcv0+4wvia2FuzCD293hjZXcztmPnjW1XpAB/66oAoGCCqGSM49
      AwEHoUQDQgAEm2pzGH2Sfu/5LK3PhW5UGeIfkzwIedL7+HyMSIgLqs3mo4wTHTDA
      Sf4xB7OpDpK7NFNOB0YtuQKa4Zx6x410gg==
      -----END EC PRIVATE KEY-----
      """;

  private static final String EC_521 =
      """
      -----BEGIN EC PRIVATE KEY-----
      MIHcAgEBBEIAJk7b5degPiwckTHQxSHMlqFSg0z9xqSUNTGhOOS8m1/gDXfRdN/7
      qV/ZgXxXL1uXPqY8Q9Ffnn2RS43UQPng3oKgBwYFK4EEACOhgYkDgYYABACLYjJL
      l8O3kRU3Nfce/2R8abdX31bls47h3gYERhhmJRlDmgs/mpBm7VOUSw2fLHWgwuv9
      89Yxub7C11Wu16JxQgDr+lRge057f/LXD/Tc8L5u4i03E6UVTu1sI+ztDBRw0piL
      HyzvrMt1QjeMML/sgAHn+BN+3A0WyT+2NxKC+P9kQw==
      -----END EC PRIVATE KEY-----
      """;

  private static final String RSA =
      """
      -----BEGIN RSA PRIVATE KEY-----
      MIIEogIBAAKCAQEAjEpKvroQJ2W/NVeKm5oxS9LKBbowqajJqJp5SyfMPpWhDRm9
      iiCRIlHx1MmlSGZ/WHA06uvbS/DiCeGwL6jc97vs8QY8r4CkFlUk7wiTb6/DabGJ
      JHDdEVgCQeK6RQsw6BnLLLbTsvQi7KI+uQTOpqLDKora5KOU4Obu7CWNOskBhx2Y
      cULZD4UOOswSxIyRCHoYngESamr9jnIMif7djVbxamV+g1RPha6Y1Fp1wysl6G5m
      tPFITnl9+ReGwiW49vTcwYtN+3NtCIuiPYSyE0gfnVp9M4TxhC42BniQWIES/Ow6
      n6phKAFa3XM1mA6IoiGup/RKtuMSTcVA4t2QgQIDAQABAoIBAAO12UxtdMAd/3sd
      +0zKb+a7k47ba3sPodm9A1uhMoeUz7aEr9y6p/jNswT3zYPHL807Sa/NS7aYwqZ6
      2uNZZqxOQshMuNRcpVPwrfJJra1ea19c8mDnQHZVET/RCv0iSSMljEtjJuEzD/nM
      zRzgMcXHEaNX52coCzSrI7ZVXer09cSA/oraIqHyA13llvdDymy6v/gkZTITDwD8
      dj4vZRtakS9LBnqD+ex7zoHoL5H+MZ+xCBAJ8gowKFmpo73tWN2zASLVwdTYhk2a
      n39zB3Gv1j9BCbxqI+1aVMnK63P3UFhnfiN/kLIwNzuL3B9UtjyqpMCv81KNlean
      heTrcoMCgYEAwh1uNMRI8eqUhYJe+LrsukSF9kSfhzmt6MbxWycKJTM/TvOHJgn/
      7z0eqrYxTUi1L4gexdChko5NuZnuC6Xc1mcK9ZEAinSvwhwv9YE8MwUlwh4x+UKr
      XBKJcEyiLqWIM3N5gmz5c++FzOq6w4TedBe/foKR7XTdySxcVQ9TOdcCgYEAuQP8
      5JeIvbvCVU5m+lWLzFmWXNo0ujiSvXwfySxcum1e0WhgzxT2b6oYecL1w3kIj+hQ
      umr+TbWRHB1Kn34iZYvP501Mnl2q0XAc8sbPVAO1s21VaotT6dpKs6jHB4S/nC9s
      HHg17U0kuK6TN14UNwQK/GsrcyVSgenUIDytrWcCgYBmLhvPBuvm/DaGOORJRgxK
      2LszsVfQVNpoyCBQfTJn9pwCsUqZCXaBtsin0BQPvJAznxGjy3jhrqrXYmHeG8ct
      zTwFm/iO6XGDWlccgpTvvmvrzP09WozdgJx8Urqkl1oky0pRD5AYKSNjhMQfG5gF
      wGJ687xhJL2CoilQVSrYLQKBgG3MNQ+/8jGPNOQFVE2p6P4MCJTwFiyRmFwFRqPP
      xPQKJiQmSpV6fkmEa2QPVGR99pvYpdgL2QFrCEPkCj4ez/DtiSNel2LAebgzTaqy
      W6YjUXi7IN7K8rCskHqQZhVLLZ9V8VXv7Sj4CBvl1o4cMej4aECmpTF/a7iXeQDs
      obFvAoGATedTJbhbxZuM+UO/pNiXhAazfVU5w2JRhPbY+nt9RtRQCYmeoi4J2/II
      dRJ3gXEYeVEvM+C6bJ0DnGGgZbjyp0DzeFqL5HIckgemnwkBQtnBeyg7RH69uVn1
      pJylIjrVGN7Kc4MVlZDsCaJOJNil2x1tN815LV0ucV5eLP0L01w=
      -----END RSA PRIVATE KEY-----
      """;

  @Test
  void ellipticCurve_isRead() throws Exception {
    for (String text : List.of(EC, EC_521)) {
      assertThat(Pem.key(text)).isInstanceOf(ECPrivateKey.class);
    }
    assertThat(((ECPrivateKey) Pem.key(EC_521)).getParams().getOrder().bitLength()).isEqualTo(521);
  }

  @Test
  void rsa_isRead() throws Exception {
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) Pem.key(RSA);

    assertThat(key.getModulus().bitLength()).isEqualTo(2048);
    assertThat(key.getPrimeP().multiply(key.getPrimeQ())).isEqualTo(key.getModulus());
  }

  @Test
  void garbled_isRefused() {
    for (String text : List.of(EC.replace("MHcCAQEE", "MH////EE"), RSA.substring(0, 200), "no")) {
      assertThatThrownBy(() -> Pem.key(text)).isInstanceOf(GeneralSecurityException.class);
    }
  }
}
