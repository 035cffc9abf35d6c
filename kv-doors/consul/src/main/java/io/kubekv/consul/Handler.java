package io.kubekv.consul;

/** Answers the requests of one route, now or later. May block, and fail as the store does. */
interface Handler {
  void handle(Call call) throws ConsulError;
}
