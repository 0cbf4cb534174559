// SPDX-License-Identifier: Apache-2.0
#pragma once

// The frame around every call of the handler. Included by handler.h only.

#include <chrono>
#include <exception>
#include <typeinfo>

#include "base/log.h"
#include "thrift/server/handler.h"

namespace kstati::thrift {

template <class Body>
void Handler::Answer(std::string_view method, const rpc::CallContext& context, const Body& body) {
  const MethodMetrics& measured = methods_.find(method)->second;
  measured.calls->Add();
  const auto started = std::chrono::steady_clock::now();
  Result<void> result;
  try {
    result = body();
  } catch (const std::exception& bug) {
    // Its text may hold a person's data; the type is what a developer needs first.
    log::Failure("rpc.bug", {{"method", std::string(method)}, {"type", typeid(bug).name()}});
    result = Fail(ErrorCode::kInternal, "the service met an internal error", {},
                  "nothing was changed; tell the operator the request id and the time");
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  measured.seconds->Observe(taken.count());
  if (!result) Refuse(method, context, result.error());
}

}  // namespace kstati::thrift
