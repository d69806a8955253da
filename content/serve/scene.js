// The face of a session with its punctures, on the session's page: turned by mouse, touch, keys or buttons. The page is whole
// without this. Every word comes from the page, every figure from /scene (training/serve/scene.h says what its bytes are).
"use strict";

(() => {
  const COLOURS = [0xfcfcf7, 0x70b4f2, 0xffae38, 0xb9b4ae]; // shallow, in the band, deep, unjudged: as the program's own maps
  const DOT_M = 0.0004, PLACE_M = 0.0032, LEAST_PIXELS = 1.5;
  const TURN = 0.14, NEARER = 0.86; // radians, and share of the distance, of one key
  const MOVE_MS = 320;
  const FIELD = 26; // degrees

  // --- bytes ---

  class Bytes {
    constructor(buffer) {
      this.bytes = new Uint8Array(buffer);
      const magic = String.fromCharCode(...this.bytes.subarray(0, 8));
      if (magic !== "EHSCENE1") throw new Error(magic);
      const size = new DataView(buffer).getUint32(8, true);
      this.header = JSON.parse(new TextDecoder().decode(this.bytes.subarray(12, 12 + size)));
      this.at = 12 + size;
    }
    plane(count) {
      this.at += count;
      return this.bytes.subarray(this.at - count, this.at);
    }
    words(count) {
      const low = this.plane(count), high = this.plane(count), words = new Uint16Array(count);
      for (let i = 0; i < count; i++) words[i] = low[i] | (high[i] << 8);
      return words;
    }
    summed(values) {
      for (let i = 1; i < values.length; i++) values[i] += values[i - 1];
      return values;
    }
    places(count) {
      const all = new Float32Array(count * 3);
      for (let k = 0; k < 3; k++) {
        const steps = this.summed(this.words(count));
        for (let i = 0; i < count; i++) all[3 * i + k] = (this.header.origin_um[k] + steps[i] * this.header.step_um) * 1e-6;
      }
      return all;
    }
    normals(count) {
      const u = this.summed(new Int8Array(this.plane(count))), v = this.summed(new Int8Array(this.plane(count)));
      const all = new Float32Array(count * 3);
      for (let i = 0; i < count; i++) {
        let x = u[i] / 127, y = v[i] / 127;
        const z = 1 - Math.abs(x) - Math.abs(y);
        if (z < 0) [x, y] = [(1 - Math.abs(y)) * (x < 0 ? -1 : 1), (1 - Math.abs(x)) * (y < 0 ? -1 : 1)];
        const length = Math.hypot(x, y, z) || 1;
        all.set([x / length, y / length, z / length], 3 * i);
      }
      return all;
    }
    colours(count) {
      const all = new Float32Array(count * 3);
      for (let k = 0; k < 3; k++) {
        const values = this.summed(new Uint8Array(this.plane(count)));
        for (let i = 0; i < count; i++) all[3 * i + k] = linear(values[i]);
      }
      return all;
    }
    corners(count) {
      const corners = this.words(count);
      for (let i = 0, next = 0; i < count; i++) {
        const code = corners[i];
        corners[i] = next - code;
        if (code === 0) next++;
      }
      return corners;
    }
  }

  const linear = (value) => Math.pow(value / 255, 2.2);

  // --- what is drawn ---

  function surface(bytes, told) {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(bytes.places(told.vertices), 3));
    geometry.setAttribute("normal", new THREE.BufferAttribute(bytes.normals(told.vertices), 3));
    if (told.painted) geometry.setAttribute("color", new THREE.BufferAttribute(bytes.colours(told.vertices), 3));
    geometry.setIndex(new THREE.BufferAttribute(bytes.corners(told.triangles * 3), 1));
    const skin = told.name === "skin", hair = told.name === "brow" || told.name === "lash";
    const material = new THREE.MeshPhysicalMaterial({
      color: told.painted ? 0xffffff : new THREE.Color(...told.colour.map(linear)),
      vertexColors: told.painted ? THREE.VertexColors : THREE.NoColors,
      roughness: skin ? 0.52 : 0.9, metalness: 0, reflectivity: skin ? 0.4 : 0.1,
      side: skin ? THREE.FrontSide : THREE.DoubleSide, shadowSide: THREE.DoubleSide,
      polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
    });
    if (skin) material.onBeforeCompile = scattered;
    const drawn = new THREE.Mesh(geometry, material);
    drawn.castShadow = !hair;
    drawn.receiveShadow = !hair;
    return drawn;
  }

  // Light goes on under the skin beyond where it falls, the red of it farthest.
  function scattered(shader) {
    shader.fragmentShader = shader.fragmentShader.replace("#include <lights_physical_pars_fragment>", `
      #include <lights_physical_pars_fragment>
      void RE_Direct_Skin(const in IncidentLight light, const in GeometricContext geometry, const in PhysicalMaterial material, inout ReflectedLight reflected) {
        RE_Direct_Physical(light, geometry, material, reflected);
        float flat_on = dot(geometry.normal, light.direction);
        vec3 wrap = vec3(0.34, 0.14, 0.08);
        vec3 soft = max((vec3(flat_on) + wrap) / (1.0 + wrap), 0.0) - max(flat_on, 0.0);
        reflected.directDiffuse += max(soft, 0.0) * light.color * PI * BRDF_Diffuse_Lambert(material.diffuseColor);
      }
      #undef RE_Direct
      #define RE_Direct RE_Direct_Skin`);
  }

  // Dots of a size on the skin and no less than one can see; each kind has a form of its own besides its colour.
  const DOT_VERTEX = `
    attribute float kind;
    uniform float size, pixels, least, forward, hidden[4];
    varying float form;
    varying float across;
    void main() {
      vec4 seen = modelViewMatrix * vec4(position, 1.0);
      seen.z += forward;
      gl_Position = projectionMatrix * seen;
      form = kind;
      across = max(size * pixels / -seen.z, least) * (kind > 1.5 && kind < 2.5 ? 1.35 : 1.0);
      gl_PointSize = across;
      if (hidden[int(kind + 0.5)] > 0.5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    }`;
  const DOT_FRAGMENT = `
    uniform vec3 colours[4];
    varying float form;
    varying float across;
    void main() {
      vec2 at = abs(gl_PointCoord * 2.0 - 1.0);
      float round = length(at), edge = 2.6 / across;
      bool shallow = form < 0.5, deep = form > 1.5 && form < 2.5;
      float reach = deep ? at.x + at.y : round;
      if (reach > 1.0) discard;
      vec3 colour = shallow ? colours[0] : form < 1.5 ? colours[1] : deep ? colours[2] : colours[3];
      bool ring = across > 5.0;
      if (ring && reach > 1.0 - edge) colour = vec3(0.06, 0.07, 0.08);
      if (ring && shallow && reach < 0.42) colour = vec3(0.06, 0.07, 0.08);
      gl_FragColor = vec4(colour, ring ? 1.0 : 0.82);
    }`;

  function dots(places, kinds) {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(places, 3));
    geometry.setAttribute("kind", new THREE.BufferAttribute(Float32Array.from(kinds), 1));
    return new THREE.Points(geometry, new THREE.ShaderMaterial({
      vertexShader: DOT_VERTEX, fragmentShader: DOT_FRAGMENT, transparent: true,
      uniforms: {
        size: { value: DOT_M }, pixels: { value: 1 }, least: { value: LEAST_PIXELS }, forward: { value: 0.0009 },
        hidden: { value: [0, 0, 0, 0] }, colours: { value: COLOURS.map((colour) => new THREE.Color(colour)) },
      },
    }));
  }

  const PLACE_FRAGMENT = `
    varying float across;
    void main() {
      float reach = length(gl_PointCoord * 2.0 - 1.0), pixel = 2.0 / across;
      if (reach > 1.0 || reach < 1.0 - 5.0 * pixel) discard;
      bool line = reach < 1.0 - 1.2 * pixel && reach > 1.0 - 3.8 * pixel;
      gl_FragColor = vec4(line ? vec3(1.0, 0.30, 0.68) : vec3(0.05), 1.0);
    }`;

  function rings(places) {
    const drawn = dots(places, new Uint8Array(places.length / 3));
    drawn.material.fragmentShader = PLACE_FRAGMENT;
    drawn.material.uniforms.size.value = PLACE_M;
    drawn.material.uniforms.least.value = 15;
    drawn.material.uniforms.forward.value = 0.0016;
    drawn.visible = false;
    return drawn;
  }

  function lit(scene, middle, radius) {
    scene.add(new THREE.HemisphereLight(0xf6f4ff, 0x8a5f50, 0.74));
    const lamp = (colour, strength, x, y, z) => {
      const light = new THREE.DirectionalLight(colour, strength);
      light.position.set(x, y, z).multiplyScalar(radius).add(middle);
      light.target.position.copy(middle);
      scene.add(light, light.target);
      return light;
    };
    const key = lamp(0xfff1e4, 0.98, 1.6, 2.2, 2.6);
    lamp(0xe4eeff, 0.3, -2.4, 0.5, 1.6);
    lamp(0xdfeaff, 0.75, -2.0, 1.4, -1.8);
    key.castShadow = true;
    key.shadow.mapSize.set(2048, 2048);
    key.shadow.radius = 5;
    key.shadow.bias = -0.0012;
    Object.assign(key.shadow.camera, { left: -radius, right: radius, top: radius, bottom: -radius, near: 0.1 * radius, far: 7 * radius });
  }

  // --- a face that is turned ---

  class Stage {
    constructor(section, bytes) {
      this.section = section;
      this.canvas = section.querySelector("canvas");
      this.renderer = new THREE.WebGLRenderer({ canvas: this.canvas, antialias: true, alpha: true });
      this.renderer.gammaOutput = true;
      this.renderer.gammaFactor = 2.2;
      this.renderer.shadowMap.enabled = true;
      this.renderer.shadowMap.type = THREE.PCFSoftShadowMap;
      this.renderer.shadowMap.autoUpdate = false;
      this.renderer.shadowMap.needsUpdate = true;
      this.scene = new THREE.Scene();
      this.camera = new THREE.PerspectiveCamera(FIELD, 1, 0.02, 4);
      const header = bytes.header, meshes = header.meshes.map((told) => surface(bytes, told));
      this.scene.add(...meshes);
      const skin = meshes[0].geometry;
      skin.computeBoundingSphere();
      this.punctures = dots(bytes.places(header.punctures.shown), bytes.plane(header.punctures.shown));
      this.faults = header.faults.map((fault) => rings(bytes.places(fault.shown)));
      this.scene.add(this.punctures, ...this.faults);
      this.frame_on(header, skin);
      lit(this.scene, skin.boundingSphere.center, skin.boundingSphere.radius);
      this.listen();
      this.resize();
    }

    // The picture is of what was treated, or of all where nothing was.
    frame_on(header, skin) {
      const treated = this.punctures.geometry;
      const box = new THREE.Box3().setFromBufferAttribute((header.punctures.shown > 0 ? treated : skin).attributes.position);
      this.middle = box.getCenter(new THREE.Vector3());
      this.size = Math.max(box.getSize(new THREE.Vector3()).length(), 0.06);
      this.middle.z -= 0.25 * (box.max.z - box.min.z);
      this.home = { yaw: 0, pitch: 0.05, distance: (0.54 * this.size) / Math.tan((FIELD / 2) * (Math.PI / 180)), middle: this.middle.clone() };
      this.pose = { ...this.home, middle: this.home.middle.clone() };
    }

    listen() {
      const held = new Map();
      let apart = 0;
      this.canvas.addEventListener("pointerdown", (event) => {
        held.set(event.pointerId, event);
        this.canvas.setPointerCapture(event.pointerId);
        apart = 0;
      });
      for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => held.delete(event.pointerId));
      this.canvas.addEventListener("pointermove", (event) => {
        const before = held.get(event.pointerId);
        if (!before) return;
        held.set(event.pointerId, event);
        if (held.size === 1) this.turn(-0.006 * (event.clientX - before.clientX), 0.006 * (event.clientY - before.clientY));
        if (held.size !== 2) return;
        const [a, b] = [...held.values()], now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
        if (apart > 0) this.go_nearer(apart / now);
        apart = now;
      });
      this.canvas.addEventListener("wheel", (event) => {
        if (document.activeElement !== this.canvas && !event.ctrlKey) return; // the page scrolls until the picture was chosen
        event.preventDefault();
        this.go_nearer(Math.exp(0.0012 * event.deltaY));
      }, { passive: false });
      const keys = {
        ArrowLeft: () => this.turn(-TURN, 0), ArrowRight: () => this.turn(TURN, 0), ArrowUp: () => this.turn(0, TURN), ArrowDown: () => this.turn(0, -TURN),
        "+": () => this.go_nearer(NEARER), "=": () => this.go_nearer(NEARER), "-": () => this.go_nearer(1 / NEARER), "−": () => this.go_nearer(1 / NEARER),
        Home: () => this.go({}),
      };
      this.canvas.addEventListener("keydown", (event) => {
        if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        keys[event.key]();
      });
      this.canvas.addEventListener("webglcontextlost", () => say(this.section, "failed"));
      new ResizeObserver(() => this.resize()).observe(this.canvas.parentElement);
    }

    turn(yaw, pitch) {
      this.pose.yaw += yaw;
      this.pose.pitch = Math.min(Math.max(this.pose.pitch + pitch, -1.3), 1.3);
      this.draw();
    }
    go_nearer(share) {
      this.pose.distance = Math.min(Math.max(this.pose.distance * share, 0.03), 2.5 * this.home.distance);
      this.draw();
    }
    /** To another pose, at once for whoever wants no motion. What is not named is as at the beginning. */
    go(wish) {
      const from = this.pose, to = { ...this.home, ...wish }, begin = performance.now();
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const move = (now) => {
        const t = still ? 1 : Math.min((now - begin) / MOVE_MS, 1), s = t * t * (3 - 2 * t), mix = (a, b) => a + (b - a) * s;
        this.pose = { yaw: mix(from.yaw, to.yaw), pitch: mix(from.pitch, to.pitch), distance: mix(from.distance, to.distance),
                      middle: from.middle.clone().lerp(to.middle, s) };
        this.draw();
        if (t < 1) requestAnimationFrame(move);
      };
      move(begin);
    }

    resize() {
      const width = this.canvas.parentElement.clientWidth, height = this.canvas.parentElement.clientHeight;
      if (width === 0 || height === 0) return;
      this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
      this.renderer.setSize(width, height, false);
      this.camera.aspect = width / height;
      this.camera.updateProjectionMatrix();
      const pixels = this.canvas.height / (2 * Math.tan((FIELD / 2) * (Math.PI / 180)));
      for (const points of [this.punctures, ...this.faults]) points.material.uniforms.pixels.value = pixels;
      this.draw();
    }
    draw() {
      const { yaw, pitch, distance, middle } = this.pose;
      this.camera.position.set(Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)).multiplyScalar(distance).add(middle);
      this.camera.lookAt(middle);
      this.renderer.render(this.scene, this.camera);
    }

    show_kind(kind, shown) {
      this.punctures.material.uniforms.hidden.value[kind] = shown ? 0 : 1;
      this.draw();
    }
    /** Rings round a fault's places, and the face turned so that most of them are seen; none for -1. */
    show_fault(index) {
      this.faults.forEach((fault, i) => (fault.visible = i === index));
      if (index < 0) return this.draw();
      const places = this.faults[index].geometry.attributes.position, at = new THREE.Vector3(), sum = new THREE.Vector3();
      for (let i = 0; i < places.count; i++) sum.add(at.fromBufferAttribute(places, i));
      const there = sum.divideScalar(places.count).sub(this.home.middle);
      this.go({ yaw: Math.atan2(there.x, Math.max(there.z, 0) + 0.5 * this.size) * 1.4, distance: this.pose.distance });
    }
  }

  // --- the page ---

  function say(section, what) {
    section.querySelector("[role=status]").textContent = what ? section.querySelector("[role=status]").dataset[what] : "";
  }

  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? number(values[name]) : place));

  function tell(section, header) {
    const [shallow, in_band, deep] = header.punctures.counts, { shown, all } = header.punctures;
    const canvas = section.querySelector("canvas"), note = section.querySelector("[data-shown]");
    canvas.setAttribute("aria-label", filled(canvas.dataset.told, { all, in_band, shallow, deep }));
    if (shown < all) note.textContent = filled(note.dataset.shown, { shown, all });
    header.punctures.counts.forEach((count, kind) => {
      section.querySelector(`[data-count="${kind}"]`).textContent = number(count);
      section.querySelector(`[data-kind="${kind}"]`).closest("label").hidden = kind === 3 && count === 0;
    });
    const rows = header.zones.map((zone) => {
      const row = document.createElement("tr"), head = document.createElement("th");
      head.scope = "row";
      head.textContent = zone.name;
      row.append(head, ...zone.counts.map((count) => Object.assign(document.createElement("td"), { className: "n", textContent: number(count) })));
      return row;
    });
    section.querySelector("tbody").append(...rows);
  }

  function offer(section, stage, header) {
    const places = section.querySelector(".places");
    places.hidden = header.faults.length === 0;
    header.faults.forEach((fault, index) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: fault.name });
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        const now = button.getAttribute("aria-pressed") !== "true";
        for (const other of places.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === button && now));
        stage.show_fault(now ? index : -1);
      });
      places.append(button);
    });
    for (const box of section.querySelectorAll("[data-kind]")) box.addEventListener("change", () => stage.show_kind(Number(box.dataset.kind), box.checked));
    const deeds = {
      front: () => stage.go({}), left: () => stage.go({ yaw: 1.1 }), right: () => stage.go({ yaw: -1.1 }),
      nearer: () => stage.go_nearer(NEARER * NEARER), farther: () => stage.go_nearer(1 / NEARER / NEARER),
    };
    for (const button of section.querySelectorAll("[data-do]")) if (deeds[button.dataset.do]) button.addEventListener("click", deeds[button.dataset.do]);
  }

  const library = (address) => new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
    document.head.append(script);
  });

  async function open(section) {
    const answer = await Promise.all([fetch(section.dataset.scene, { credentials: "same-origin", redirect: "error" }), library(section.dataset.three)]).then((both) => both[0]);
    if (!answer.ok) throw new Error(String(answer.status));
    const bytes = new Bytes(await answer.arrayBuffer());
    section.querySelector(".stage").hidden = false;
    const stage = new Stage(section, bytes);
    tell(section, bytes.header);
    offer(section, stage, bytes.header);
    section.querySelector(".ask").hidden = true;
    section.dataset.open = "yes";
    section.querySelector("canvas").focus({ preventScroll: true });
  }

  for (const section of document.querySelectorAll(".scene")) {
    const button = section.querySelector("[data-do=open]");
    section.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      say(section, "waiting");
      try {
        await open(section);
        say(section, "");
      } catch (error) {
        section.querySelector(".stage").hidden = true;
        say(section, "failed");
        button.disabled = false;
      }
    });
  }
})();
