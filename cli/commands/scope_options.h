// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "kstati_rpc/kstati_types.h"

namespace kstati::cli {

// The options that say what a consent covers.
class ScopeOptions {
 public:
  void Declare(Options& options);
  // Whether any of them was given.
  bool given() const;
  // `scope` with what was given in place of what it had.
  rpc::ConsentScope Over(rpc::ConsentScope scope) const;
  // From "everything of the purpose".
  rpc::ConsentScope Alone() const;

 private:
  std::string service_;
  std::string situation_;
  std::vector<std::string> categories_;
  std::vector<std::string> recipients_;
  std::string mode_;
};

}  // namespace kstati::cli
