# Sourced: the image is built, as docs/image.md says it.

tar=$repository/kv-server/target/kubekv-image.tar

build_image() { # build_image FOLDER
  (cd "$1" && mvn -B -ntp -Pimage -pl kv-server -am -DskipTests -Dspotless.check.skip=true -Djacoco.skip=true package) > "$here/target/image.log" 2>&1 \
    || because "$(grep -m 1 'image cannot be built\|ERROR' "$here/target/image.log"); all of it is in $here/target/image.log"
}

image_built() {
  mkdir -p "$here/target"
  rm -f "$tar" "$repository"/kv-*/target/*.jar # a jar says which Java ran Maven, and may be of another one
  build_image "$repository" || return
  [ -s "$tar" ] || because "there is no $tar"
}

# The same sources in another folder: every layer but that of the ahead-of-time cache, which holds what the virtual machine saw while it ran.
same_again() {
  local copy=$work/copy one other
  mkdir -p "$copy" && cp -a "$repository/.git" "$copy/" || return
  (cd "$repository" && git ls-files -z --cached --others --exclude-standard | tar -c --null -T - | tar -x -C "$copy") || return
  build_image "$copy" || return
  one=$(archive layers "$tar" | grep -v '^cache ') other=$(archive layers "$copy/kv-server/target/kubekv-image.tar" | grep -v '^cache ')
  [ "$one" = "$other" ] || because "$(diff <(echo "$one") <(echo "$other") | tr '\n' ' ')" || return
  cmp -s "$repository/kv-server/target/kubekv-sbom.json" "$copy/kv-server/target/kubekv-sbom.json" || because "the bills of materials differ" || return
  note "$(wc -l <<< "$one") layers of the same digest"
}

# Builds it unless it is there and newer than its sources.
image_wanted() {
  [ ! -s "$tar" ] || [ -n "$(find "$repository"/pom.xml "$repository"/kv-*/pom.xml "$repository"/kv-*/src/main -newer "$tar" -print -quit)" ] || return 0
  image_built
}
