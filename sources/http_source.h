// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "profile/dictionary.h"
#include "sources/fact_source.h"

namespace kstati::sources {

struct HttpSourceOptions {
  SourceTerms terms;
  std::string origin;     // "https://registry.example:8443"; http: without TLS
  std::string path;       // "/facts"
  std::string token;      // sent as a bearer token; empty: none
  std::string authority;  // PEM file of who signed its certificate; empty: the system's
  size_t answer_bytes_max = 64u << 10;
};

// A source that answers POST with JSON (docs/reference/sources.md):
//   asked   {"citizen": "000000000017", "attributes": ["person.employed"]}
//   answers {"citizen": "000000000017",
//            "facts": [{"attribute": "person.employed", "value": "true",
//                       "valid_from": "2026-01-15"}]}
// Values are texts as registries write them. kInvalidArgument for an origin that is none.
// `dictionary` outlives the source.
Result<std::unique_ptr<FactSource>> MakeHttpSource(HttpSourceOptions options,
                                                   const profile::Dictionary& dictionary);

// The facts of an answer's body, with its evidence. kInvalidArgument when it is not of the form
// above, is about somebody else, tells an attribute that was not asked for, or a value that the
// dictionary does not allow.
Result<Answer> ReadAnswer(const std::string& body, const Question& question,
                          const profile::Dictionary& dictionary);

}  // namespace kstati::sources
