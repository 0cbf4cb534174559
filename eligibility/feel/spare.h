// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "eligibility/feel/value.h"

namespace kstati::eligibility::feel {

// What values that are gone leave to the next ones of the thread: the same evaluation for another
// person finds the memory of the last one.

// Empty, with the memory of a list where one was left.
std::vector<Value> SpareItems();
// Of that size; every value is null, the names are to be set.
Value::Entries SpareEntries(size_t size);
// Takes what is needed no more.
void LeaveItems(std::vector<Value> items);

}  // namespace kstati::eligibility::feel
