# Writes the migrations into a source file: cmake -DFOLDER=... -DOUTPUT=... -P embed.cmake
function(add_list folder function)
  file(GLOB files ${FOLDER}/${folder}/*.sql)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    file(READ ${file} script)
    string(APPEND rows "      {\"${name}\", R\"sql(${script})sql\"},\n")
  endforeach()
  set(text "${text}std::span<const PostgresMigration> ${function}() {
  static constexpr PostgresMigration kMigrations[] = {\n${rows}  };
  return kMigrations;\n}\n\n" PARENT_SCOPE)
endfunction()

set(text "#include \"profile/engines/postgres_migrations.h\"\n\nnamespace kstati::profile {\n\n")
add_list(partition PartitionMigrations)
add_list(proxy ProxyMigrations)
file(WRITE ${OUTPUT} "${text}}  // namespace kstati::profile\n")
