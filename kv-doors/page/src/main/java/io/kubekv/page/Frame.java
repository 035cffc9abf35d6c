package io.kubekv.page;

/**
 * What stands around every screen.
 *
 * @param title safe to look at
 * @param here the name of the screen that the menu marks; empty for none
 * @param prefix what the search shows
 */
record Frame(String title, String here, String prefix) {
  String stylesheet() {
    return Assets.url("page.css");
  }

  String htmx() {
    return Assets.url("htmx.min.js");
  }

  String sse() {
    return Assets.url("sse.min.js");
  }

  String icon() {
    return Assets.url("icon.svg");
  }

  /** Settings of htmx: nothing that the policy of the page forbids. */
  String htmxConfig() {
    return "{\"includeIndicatorStyles\":false,\"allowEval\":false,\"allowScriptTags\":false,"
        + "\"selfRequestsOnly\":true,\"historyCacheSize\":0}";
  }
}
