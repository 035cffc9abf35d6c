package io.kubekv.embedded;

import java.util.List;

/**
 * What is to be said in a request's {@code Warning} headers. An edit may be decided twice, the
 * second time on the commit thread: the last decision's texts count, and they are sent with the
 * answer.
 */
final class Warnings {
  private final FieldValidation validation;
  private final ResourceType type;
  private volatile List<String> texts = List.of();

  /** Reads the {@code fieldValidation} parameter; throws 400 when it is not one of its words. */
  Warnings(ApiRequest request) {
    this.validation = FieldValidation.parse(request.parameter("fieldValidation").orElse(""));
    this.type = request.type();
  }

  /** Notes unknown and duplicate fields, or throws the 400 of strict validation. */
  void note(List<String> duplicates, List<String> unknown) {
    texts = validation.apply(type, duplicates, unknown);
  }

  void addTo(Exchange exchange) {
    for (String text : texts) {
      exchange.addHeader("Warning", "299 - " + Statuses.quote(text));
    }
  }
}
