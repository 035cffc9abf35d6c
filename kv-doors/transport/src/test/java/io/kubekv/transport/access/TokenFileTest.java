package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("tokens.csv"), text);
  }

  @Test
  void token_namesItsUserAndGroups() throws IOException {
    TokenFile tokens =
        TokenFile.open(file("# ours\nt1,alice,1,\"dev,ops\"\n\nt2,bob,2\nt3,eve,3,dev\n"));

    assertThat(tokens.user("t1")).contains(new User("alice", List.of("dev", "ops")));
    assertThat(tokens.user("t2")).contains(new User("bob", List.of()));
    assertThat(tokens.user("t3")).contains(new User("eve", List.of("dev")));
    assertThat(tokens.user("t")).isEmpty();
    assertThat(tokens.user("")).isEmpty();
  }

  @Test
  void line_thatIsNone_isNamedWithoutItsToken() throws IOException {
    Path file = file("t1,alice,1\nsecret\n");

    assertThatThrownBy(() -> TokenFile.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(file + " cannot be used: line 2 is not token,user,uid,\"group1,group2\"")
        .hasMessageNotContaining("secret");
  }

  @Test
  void file_thatIsMissing_isNamed() {
    Path file = folder.resolve("none");

    assertThatThrownBy(() -> TokenFile.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }
}
