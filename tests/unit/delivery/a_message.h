// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "delivery/message.h"

namespace kstati::delivery {

inline Message AMessage(const std::string& title = "Оформляем: СНИЛС",
                        const std::string& text = "Ничего делать не нужно") {
  return {.key = "00112233445566778899aabbccddeeff",
          .citizen = CitizenId(17),
          .at = *Instant::Parse("2026-11-29T06:05:04Z"),
          .sent_at = *Instant::Parse("2026-11-29T06:06:00Z"),
          .kind = "notification.started",
          .case_id = "C-000000000017-0003",
          .service = "snils_newborn",
          .language = "ru",
          .title = title,
          .text = text};
}

}  // namespace kstati::delivery
