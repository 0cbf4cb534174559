// SPDX-License-Identifier: Apache-2.0
#include "recommender/evaluation/plot.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace kstati::recommender::evaluation {
namespace {

constexpr int kWidth = 640;
constexpr int kLabelWidth = 140;
constexpr int kBarWidth = 400;
constexpr int kRowHeight = 34;
constexpr int kTop = 40;
constexpr int kSide = 360;   // of the square of a reliability plot
constexpr int kMargin = 70;  // left of it
// Told apart by people who do not see all colours (Okabe and Ito).
constexpr std::array<const char*, 6> kColours{"#0072b2", "#d55e00", "#009e73",
                                              "#cc79a7", "#e69f00", "#000000"};

std::string Number(double value, int digits = 1) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string Escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '&': escaped += "&amp;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string Open(int height, const std::string& title) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " +
         std::to_string(kWidth) + " " + std::to_string(height) +
         "\" font-family=\"sans-serif\" font-size=\"13\">\n<title>" + Escape(title) +
         "</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n" +
         "<text x=\"10\" y=\"22\" font-weight=\"bold\">" + Escape(title) + "</text>\n";
}

std::string Line(double x1, double y1, double x2, double y2, const char* style) {
  return "<line x1=\"" + Number(x1) + "\" y1=\"" + Number(y1) + "\" x2=\"" + Number(x2) +
         "\" y2=\"" + Number(y2) + "\" " + style + "/>\n";
}

std::string Text(double x, double y, const std::string& text, const char* anchor = "start") {
  return "<text x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" text-anchor=\"" + anchor + "\">" +
         Escape(text) + "</text>\n";
}

}  // namespace

std::string BarPlot(const std::string& title, const std::vector<Bar>& bars) {
  const int height = kTop + kRowHeight * static_cast<int>(bars.size()) + 10;
  std::string svg = Open(height, title);
  double y = kTop;
  for (const Bar& bar : bars) {
    const auto x = [](double value) {
      return kLabelWidth + kBarWidth * std::clamp(value, 0.0, 1.0);
    };
    svg += Text(kLabelWidth - 8, y + 16, bar.label, "end");
    svg += "<rect x=\"" + std::to_string(kLabelWidth) + "\" y=\"" + Number(y) + "\" width=\"" +
           Number(x(bar.estimate.value) - kLabelWidth) + "\" height=\"22\" fill=\"#56b4e9\"/>\n";
    svg += Line(x(bar.estimate.low), y + 11, x(bar.estimate.high), y + 11,
                "stroke=\"#000\" stroke-width=\"2\"");
    svg += Text(x(bar.estimate.high) + 8, y + 16, Number(100 * bar.estimate.value, 2) + " %");
    y += kRowHeight;
  }
  return svg + "</svg>\n";
}

std::string ReliabilityPlot(const std::string& title, const std::vector<Curve>& curves) {
  double most = 0;
  for (const Curve& curve : curves) {
    for (const auto& [forecast, happened] : curve.points) {
      most = std::max({most, forecast, happened});
    }
  }
  if (most <= 0) most = 1;
  const auto x = [&](double value) { return kMargin + kSide * value / most; };
  const auto y = [&](double value) { return kTop + kSide * (1 - value / most); };
  std::string svg = Open(kTop + kSide + 60, title);
  const char* axis = "stroke=\"#000\"";
  svg += Line(x(0), y(0), x(most), y(0), axis) + Line(x(0), y(0), x(0), y(most), axis);
  svg += Line(x(0), y(0), x(most), y(most), "stroke=\"#999\" stroke-dasharray=\"4 4\"");
  svg += Text(x(0), y(0) + 18, "0") + Text(x(most), y(0) + 18, Number(most, 3), "end");
  svg += Text(x(most / 2), y(0) + 36, "forecast", "middle");
  svg += Text(x(0) - 6, y(most) + 4, Number(most, 3), "end");
  svg += Text(x(0) - 6, y(most / 2), "happened", "end");
  for (size_t i = 0; i < curves.size(); ++i) {
    const std::string colour = kColours[i % kColours.size()];
    std::string points;
    for (const auto& [forecast, happened] : curves[i].points) {
      points += Number(x(forecast)) + "," + Number(y(happened)) + " ";
      svg += "<circle cx=\"" + Number(x(forecast)) + "\" cy=\"" + Number(y(happened)) +
             "\" r=\"3\" fill=\"" + colour + "\"/>\n";
    }
    svg += "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + colour + "\"/>\n";
    const double row = kTop + 20 * static_cast<double>(i);
    svg += "<rect x=\"460\" y=\"" + Number(row) + "\" width=\"12\" height=\"12\" fill=\"" + colour +
           "\"/>\n" + Text(480, row + 11, curves[i].label);
  }
  return svg + "</svg>\n";
}

}  // namespace kstati::recommender::evaluation
