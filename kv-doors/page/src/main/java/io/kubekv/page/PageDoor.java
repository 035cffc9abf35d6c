package io.kubekv.page;

import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.page.cost.Looks;
import io.kubekv.page.cost.Serving;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Verb;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.View;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A page for people: the keys of a store and their history, its locks and sessions, and how it is.
 *
 * @param address where it listens; on the operations port, that one's
 * @param place whose port that is
 * @param writes whether keys can be changed by it
 * @param figures how the replicas, the log and what else is behind the store are, when asked
 * @param serving what its cost is predicted from, and measured by, when asked
 */
public record PageDoor(
    ListenAddress address,
    Place place,
    boolean writes,
    Supplier<List<Figures>> figures,
    Supplier<Serving> serving)
    implements Door {
  /** Below this path it is. */
  public static final String PATH = "/ui";

  /** Whose port it is served on. */
  public enum Place {
    OWN_PORT,
    OPERATIONS_PORT
  }

  /**
   * Figures that belong together.
   *
   * @param rows immutable
   */
  public record Figures(String title, List<Figure> rows) {
    public Figures {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One figure, as people read it.
   *
   * @param note what it means
   */
  public record Figure(String name, String value, String note) {}

  @Override
  public String name() {
    return "page";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store(name()).inPieces();
    PageSettings settings =
        new PageSettings(writes, figures, serving, new Looks(), context.threads(), new Streams());
    PageDialect dialect = new PageDialect(whole, key -> true, settings);
    Function<Access, PageDialect> views =
        access -> dialect.on(whole.of(access), key -> mayPut(access, key));
    return place == Place.OWN_PORT
        ? context.http(this, dialect, views::apply, List.of())
        : context.onOperationsPort(this, PATH, dialect, views::apply);
  }

  private static boolean mayPut(Access access, Key key) {
    return access.allows(Verb.PUT, new Range.Exact(key));
  }
}
